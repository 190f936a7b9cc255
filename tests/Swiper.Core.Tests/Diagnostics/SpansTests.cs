using System.Diagnostics;
using Swiper.Core.Diagnostics;

namespace Swiper.Core.Tests.Diagnostics;

public sealed class SpansTests
{
    [Fact]
    public void A_span_of_what_is_over_is_as_long_as_that_took()
    {
        using var spans = new RecordedSpans();
        using var parent = new Activity("what it was part of").Start();
        var ended = Stopwatch.GetTimestamp() - Stopwatch.Frequency;
        for (var time = 0; time < 1000; time++)
            Spans.Add(parent, "over", ended - Stopwatch.Frequency, ended);

        var over = spans.Ended.Where(span => span.ParentSpanId == parent.SpanId).ToList();
        Assert.Equal(1000, over.Count);
        // But for what is rounded at both ends.
        Assert.All(over, span => Assert.InRange(span.Duration.Ticks, TimeSpan.TicksPerSecond - 1, TimeSpan.TicksPerSecond + 1));
    }
}
