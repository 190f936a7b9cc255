using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Bench.Dispatch;

/// <summary>Answers nil in place.</summary>
internal sealed class ImmediateNothing : IImmediateHandler<NoArgs, NoData>
{
    public Failure Handle(Session session, NoArgs request, ref MessagePackWriter data)
    {
        data.WriteNil();
        return default;
    }
}

/// <summary>Has the answer at once, as a cached read does.</summary>
internal sealed class CompletedNothing : IDeferredHandler<NoArgs, NoData>
{
    public ValueTask<Outcome<NoData>> HandleAsync(Session session, NoArgs request) =>
        ValueTask.FromResult<Outcome<NoData>>(default(NoData));
}
