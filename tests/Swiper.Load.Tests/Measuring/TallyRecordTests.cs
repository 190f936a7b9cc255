using Swiper.Load.Measuring;
using Swiper.Load.Running;

namespace Swiper.Load.Tests.Measuring;

public sealed class TallyRecordTests
{
    [Fact]
    public void Nothing_is_lost_on_the_way_between_processes()
    {
        var tally = new Tally();
        foreach (var latency in LatencyHistogramTests.Latencies("exponential", 5000))
            tally.Count(latency.Ticks % 100 == 0 ? 1005 : 0, latency);
        tally.Count(-1, TimeSpan.FromSeconds(10));

        var line = WorkerLines.Write(new WorkerMessage.Second(3, 3, 1.01, TallyRecord.Of(tally), WarmUpEnded: 5, Connections: 17));
        Assert.DoesNotContain('\n', line);
        var second = Assert.IsType<WorkerMessage.Second>(WorkerLines.ReadMessage(line));

        Assert.Equal((3, 3.0, 1.01, 17), (second.Number, second.At, second.Length, second.Connections));
        var arrived = second.Ended.ToTally();
        Assert.Equal(tally.Codes.ToCounts(), arrived.Codes.ToCounts());
        LatencyHistogramTests.AssertSame(tally.Latencies, arrived.Latencies);
    }

    [Fact]
    public void A_bucket_that_no_histogram_has_is_refused()
    {
        Assert.Throws<FormatException>(() => new TallyRecord(new Dictionary<int, long>(), [1, -1]).ToTally());
        Assert.Throws<FormatException>(() => new TallyRecord(new Dictionary<int, long>(), [-1, 1]).ToTally());
    }

    [Fact]
    public void What_came_since_a_copy_has_the_codes_that_came_since()
    {
        var tally = new Tally();
        tally.Count(0, TimeSpan.FromMilliseconds(5));
        var copy = tally.Copy();
        tally.Count(0, TimeSpan.FromMilliseconds(5));
        tally.Count(1005, TimeSpan.FromMilliseconds(5));
        Assert.Equal(new Dictionary<int, long> { [0] = 1, [1005] = 1 }, tally.Since(copy).Codes.ToCounts());
    }
}
