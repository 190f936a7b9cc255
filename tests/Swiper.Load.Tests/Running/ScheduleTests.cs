using Swiper.Load.Running;

namespace Swiper.Load.Tests.Running;

public sealed class ScheduleTests
{
    [Fact]
    public void At_a_fixed_rate_the_requests_are_evenly_apart()
    {
        var schedule = new Schedule(1000);
        Assert.Equal(0, schedule.DueBy(0));
        Assert.Equal(0, schedule.DueBy(-1));
        Assert.Equal(500, schedule.DueBy(0.5001));
        Assert.Equal(10_000, schedule.DueBy(10.0001));
        Assert.Equal(0.001, schedule.TimeOf(0), 9);
        Assert.Equal(2.5, schedule.TimeOf(2499), 9);
    }

    [Fact]
    public void A_ramp_brings_half_of_the_rate_in_its_time_and_all_of_it_after()
    {
        var schedule = new Schedule(1000, RampUpSeconds: 4);
        Assert.Equal(125, schedule.DueBy(1.00001));
        Assert.Equal(2000, schedule.DueBy(4.00001));
        Assert.Equal(3000, schedule.DueBy(5.00001));
    }

    [Theory]
    [InlineData(0, 2, 250)]
    [InlineData(2, 4, 750)]
    [InlineData(3, 5, 937.5)]
    [InlineData(4, 9, 1000)]
    [InlineData(-3, 0, 0)]
    [InlineData(2, 2, 0)]
    public void The_rate_between_two_moments_is_what_is_due_between_them(double from, double to, double rate) =>
        Assert.Equal(rate, new Schedule(1000, RampUpSeconds: 4).RateBetween(from, to), 9);

    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(1852, 0)]
    [InlineData(1000, 4)]
    [InlineData(7, 100)]
    public void Each_request_is_due_at_its_time_and_not_before(double rate, double rampUp)
    {
        var schedule = new Schedule(rate, rampUp);
        for (var request = 0L; request < 5000; request++)
        {
            var time = schedule.TimeOf(request);
            Assert.True(schedule.DueBy(time - 1e-6) <= request, $"request {request} is due before {time}");
            Assert.True(schedule.DueBy(time + 1e-6) > request, $"request {request} is not due at {time}");
        }
    }
}
