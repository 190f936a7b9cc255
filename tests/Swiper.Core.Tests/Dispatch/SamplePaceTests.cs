using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

public sealed class SamplePaceTests
{
    private SamplePace _pace;

    [Fact]
    public void All_are_timed_while_there_are_few()
    {
        for (var second = 0; second < 100; second++)
        {
            Assert.Equal(16, _pace.Take(16));
            Assert.Equal(SamplePace.Many - 16, _pace.Take(SamplePace.Many - 16));
            _pace.Relax();
        }
    }

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(1, 300_000)]
    [InlineData(16, 300_000)]
    [InlineData(128, 3_000_000)]
    public void However_many_there_are_a_second_times_some_hundreds(int together, int aSecond)
    {
        // The first second meets a rate that it knows nothing of.
        Assert.InRange(Second(together, aSecond), SamplePace.Many, 16 * SamplePace.Many);
        for (var second = 0; second < 5; second++)
            Second(together, aSecond);
        for (var second = 0; second < 20; second++)
            Assert.InRange(Second(together, aSecond), SamplePace.Many / 2, 3 * SamplePace.Many);
    }

    [Fact]
    public void After_a_rush_all_are_timed_again_within_seconds()
    {
        Second(1, 1_000_000);
        for (var second = 0; second < 16; second++)
            _pace.Relax();
        Assert.Equal(1, _pace.Take(1));
    }

    // 64 connections that send 16 requests each in turn would be all of one connection's, if every 1024th were timed.
    [Fact]
    public void Samples_have_no_rhythm()
    {
        const int Period = 1024;
        Second(1, 1_000_000);
        var places = new HashSet<int>();
        for (var request = 0; request < 1_000_000; request++)
        {
            if (_pace.Take(1) > 0)
                places.Add(request % Period);
        }
        Assert.True(places.Count > 100, $"only {places.Count} places of {Period} were timed");
    }

    private int Second(int together, int requests)
    {
        var timed = 0;
        for (var sent = 0; sent < requests; sent += together)
            timed += _pace.Take(together);
        _pace.Relax();
        return timed;
    }
}
