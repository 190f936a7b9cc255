using Swiper.Core.Friends;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Friends;

public sealed class ReportRulesTests
{
    private const long DayMs = 24 * 60 * 60 * 1000;
    private const long Midnight = 20_000 * DayMs;

    [Fact]
    public void As_many_as_a_day_has_are_counted_and_the_next_one_waits_for_midnight()
    {
        var day = new ReportsOfDay(0, []);
        for (var uid = 1; uid <= ReportRules.MostADay; uid++)
        {
            day = ReportRules.Count(day, uid, Midnight + uid).Value;
            Assert.Equal((20_000, uid), (day.Day, day.Uids.Count));
        }

        var refused = ReportRules.Count(day, 99, Midnight + 1000);
        Assert.Equal((StatusCode.Throttled, DayMs - 1000), (refused.Failure.Code, (long)refused.Failure.RetryAfterMs));
        Assert.Equal(1, ReportRules.Count(day, 99, Midnight + DayMs - 1).Failure.RetryAfterMs);
        AssertOnly(20_001, 99, ReportRules.Count(day, 99, Midnight + DayMs));
        // Those who were reported are no more.
        Assert.Equal(day, ReportRules.Count(day, ReportRules.MostADay, Midnight + 1000).Value);
    }

    // The clock was set back.
    [Fact]
    public void A_day_that_lies_ahead_does_not_count()
    {
        var full = new ReportsOfDay(20_005, [.. Enumerable.Range(1, ReportRules.MostADay).Select(uid => (long)uid)]);
        AssertOnly(20_000, 99, ReportRules.Count(full, 99, Midnight));
    }

    [Theory]
    [InlineData(1, null, true)]
    [InlineData(5, "Zoë 🌊", true)]
    [InlineData(0, null, false)]
    [InlineData(6, null, false)]
    [InlineData(1, "", false)]
    [InlineData(1, "  ", false)]
    [InlineData(1, "two\nlines", false)]
    [InlineData(1, "\u0007", false)]
    [InlineData(1, "a\u202Eb", false)]
    public void A_reason_is_known_and_a_text_can_be_shown(int reason, string? text, bool isGood) =>
        Assert.Equal(isGood, Problem(reason, text) is null);

    [Fact]
    public void A_text_has_its_limit_in_bytes()
    {
        Assert.Null(Problem(1, new string('x', ReportRules.MaxTextBytes - 1)));
        Assert.Null(Problem(1, new string('ß', ReportRules.MaxTextBytes / 2)));
        Assert.Equal("text: longer than 1000 bytes", Problem(1, new string('x', ReportRules.MaxTextBytes + 1)));
        Assert.Equal("text: longer than 1000 bytes", Problem(1, new string('ß', ReportRules.MaxTextBytes / 2) + "x"));
    }

    private static void AssertOnly(long day, long uid, Outcome<ReportsOfDay> counted)
    {
        Assert.Equal(day, counted.Value.Day);
        Assert.Equal([uid], counted.Value.Uids);
    }

    private static string? Problem(int reason, string? text)
    {
        var fields = new FieldReader(PayloadBytes.Of(new ReportRequest(7, (ReportReason)reason, text)));
        _ = ReportRequest.Read(ref fields);
        return fields.Problem;
    }
}
