using Swiper.Compare.Requests;

namespace Swiper.Compare.Load;

/// <summary>A closed loop: every connection keeps <paramref name="InFlight"/> requests in flight.</summary>
internal sealed record LoadPlan(int InFlight, IRequestSource Requests, IReplyCounter Replies, TimeSpan WarmUp, TimeSpan Window);
