using System.Diagnostics;
using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

public sealed class RequestTimesTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void A_request_of_a_batch_waited_for_its_turn_for_the_batch_and_for_the_commit()
    {
        var phases = new RequestTimes(10 * Second, 11 * Second).PhasesUntil(20 * Second, new BatchTimes(13 * Second, 16 * Second));

        Assert.Equal(new RequestPhases(Seconds(1), Seconds(2), Seconds(3), Seconds(4)), phases);
        Assert.Equal(Seconds(10), phases.Total);
    }

    [Fact]
    public void One_of_no_batch_or_that_came_after_it_waited_for_something_else()
    {
        var times = new RequestTimes(10 * Second, 11 * Second);

        Assert.Equal(new RequestPhases(Seconds(1), default, default, Seconds(9)), times.PhasesUntil(20 * Second, default));
        Assert.Equal(
            new RequestPhases(Seconds(1), default, default, Seconds(9)),
            times.PhasesUntil(20 * Second, new BatchTimes(8 * Second, 12 * Second)));
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
