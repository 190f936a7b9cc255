using Swiper.Compare.Requests;

namespace Swiper.Compare.Load;

/// <summary>A closed loop: every connection always has <paramref name="InFlight"/> requests out.</summary>
internal sealed record LoadPlan(int InFlight, IRequestSource Requests, IReplyCounter Replies, TimeSpan WarmUp, TimeSpan Window);
