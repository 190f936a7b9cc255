using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Accounts;

public sealed class CodeRulesTests
{
    private const string Code = "123456";
    private const string Wrong = "654321";
    private const long Second = 1000;
    private const long Minute = 60 * Second;

    [Fact]
    public void The_right_code_in_time_logs_in_and_is_done_with()
    {
        var (failure, keep) = CodeRules.Check(Issued(at: 0), Code, 179 * Second);
        Assert.Equal(StatusCode.Ok, failure.Code);
        Assert.Null(keep);
    }

    [Fact]
    public void A_code_is_good_for_180_seconds() =>
        Assert.Equal(StatusCode.BadCode, CodeRules.Check(Issued(at: 0), Code, 180 * Second).Failure.Code);

    [Fact]
    public void Where_codes_may_follow_at_any_time_they_may_also_overtake_each_other() =>
        Assert.True(CodeRules.Lifted.Issue(Issued(at: Second), Code, 0).IsOk);

    [Fact]
    public void Another_code_may_be_asked_for_after_60_seconds_or_at_once_where_the_first_was_never_sent()
    {
        Assert.Equal(StatusCode.CodeTooOften, CodeRules.Standard.Issue(Issued(at: 0), Code, 59 * Second).Failure.Code);
        Assert.True(CodeRules.Standard.Issue(Issued(at: 0), Code, Minute).IsOk);
        Assert.True(CodeRules.Standard.Issue(CodeRules.Withdraw(Issued(at: 0)), Code, Second).IsOk);
    }

    [Fact]
    public void The_fifth_wrong_try_locks_for_ten_minutes_also_for_the_right_code_and_for_new_ones()
    {
        var record = Try(Issued(at: 0), 4, Second, StatusCode.BadCode);
        record = Try(record, 1, Second, StatusCode.LockedOut);
        Assert.Equal(StatusCode.LockedOut, CodeRules.Check(record, Code, 2 * Second).Failure.Code);
        Assert.Equal(StatusCode.LockedOut, CodeRules.Standard.Issue(record, Code, 10 * Minute).Failure.Code);

        var unlocked = CodeRules.Standard.Issue(record, Code, 10 * Minute + Second);
        Assert.True(unlocked.IsOk);
        Assert.Equal(0, unlocked.Value.Tries);
    }

    [Fact]
    public void A_new_code_forgives_no_wrong_tries()
    {
        var record = Try(Issued(at: 0), 4, Second, StatusCode.BadCode);
        var renewed = CodeRules.Standard.Issue(record, Code, 2 * Minute).Value;
        Try(renewed, 1, 2 * Minute, StatusCode.LockedOut);

        var withdrawn = CodeRules.Standard.Issue(CodeRules.Withdraw(record), Code, 2 * Minute).Value;
        Try(withdrawn, 1, 2 * Minute, StatusCode.LockedOut);

        var (_, expired) = CodeRules.Check(record, Code, 10 * Minute);
        Try(CodeRules.Standard.Issue(expired, Code, 10 * Minute).Value, 1, 10 * Minute, StatusCode.LockedOut);
    }

    [Fact]
    public void Wrong_tries_are_forgotten_a_day_after_the_last_code()
    {
        var record = Try(Issued(at: 0), 4, Second, StatusCode.BadCode);
        Assert.Equal(0, CodeRules.Standard.Issue(record, Code, (long)CodeRules.TriesKept.TotalMilliseconds).Value.Tries);
    }

    [Fact]
    public void New_codes_are_six_digits() => Assert.All(
        Enumerable.Range(0, 1000), _ => Assert.Matches("^[0-9]{6}$", CodeRules.NewCode()));

    private static CodeRecord Issued(long at) => CodeRules.Standard.Issue(null, Code, at).Value;

    private static CodeRecord Try(CodeRecord record, int times, long now, StatusCode expected)
    {
        for (var i = 0; i < times; i++)
        {
            var (failure, keep) = CodeRules.Check(record, Wrong, now);
            Assert.Equal(expected, failure.Code);
            record = keep!.Value;
        }
        return record;
    }
}
