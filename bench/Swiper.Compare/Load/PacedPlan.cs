using Swiper.Compare.Requests;

namespace Swiper.Compare.Load;

/// <summary>
/// An open loop: <paramref name="PerSecond"/> requests a second over all connections. The ids of a connection's requests count up.
/// </summary>
internal sealed record PacedPlan(double PerSecond, IRequestSource Requests, FramedReplies Replies, TimeSpan WarmUp, TimeSpan Window);
