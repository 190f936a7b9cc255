using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Accounts;

public sealed class CodeRulesTests
{
    private const string Wrong = "wrong";
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // Any time but the beginning of all.
    private const long Start = 1000 * Day;

    private const string Home = "192.0.2.1";
    private const string Elsewhere = "192.0.2.2";

    private static readonly CodeRules Rules = CodeRules.Standard;

    [Fact]
    public void The_right_code_in_time_logs_in_once_with_its_nonce_or_without()
    {
        foreach (var withNonce in new[] { true, false })
        {
            var (codes, own) = Issue(PhoneCodes.None, Start);
            var nonce = withNonce ? own.Nonce : null;
            codes = Try(codes, own.Code, nonce, Start + 179 * Second, StatusCode.Ok);
            Try(codes, own.Code, nonce, Start + 179 * Second, StatusCode.BadCode);
            Try(codes, own.Code, withNonce ? null : own.Nonce, Start + 179 * Second, StatusCode.BadCode);
        }
    }

    [Fact]
    public void A_code_is_good_for_180_seconds()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        Try(codes, own.Code, own.Nonce, Start + 180 * Second, StatusCode.BadCode);
        Try(codes, own.Code, null, Start + 180 * Second, StatusCode.BadCode);
    }

    [Fact]
    public void New_codes_are_six_digits_and_no_two_have_one_nonce()
    {
        var codes = Enumerable.Range(0, 1000).Select(_ => CodeRules.NewCode(Home, Start)).ToArray();
        Assert.All(codes, code => Assert.Matches("^[0-9]{6}$", code.Code));
        Assert.All(codes, code => Assert.InRange(code.Nonce!.Length, 22, CodeRules.MaxNonceLength));
        Assert.Distinct(codes.Select(code => code.Nonce));
    }

    // When another may be asked for.

    [Fact]
    public void Another_code_may_be_asked_for_after_60_seconds()
    {
        var (codes, _) = Issue(PhoneCodes.None, Start);
        Assert.Equal(60 * Second, Refuse(codes, Start));
        Assert.Equal(1, Refuse(codes, Start + 60 * Second - 1));
        Issue(codes, Start + 60 * Second);
    }

    [Fact]
    public void Another_code_may_be_asked_for_at_once_where_the_first_was_used_or_never_sent()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        Issue(Try(codes, own.Code, own.Nonce, Start, StatusCode.Ok), Start + 1);
        Issue(Try(codes, own.Code, null, Start, StatusCode.Ok), Start + 1);
        Issue(CodeRules.Withdraw(codes, own.Nonce), Start + 1);
    }

    [Fact]
    public void A_phone_gets_five_messages_an_hour_used_or_not_whoever_asks()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 5; message++)
        {
            (codes, var sent) = Issue(codes, Start + message * Minute, from: $"192.0.2.{message}");
            if (message % 2 == 0)
                codes = Try(codes, sent.Code, sent.Nonce, Start + message * Minute, StatusCode.Ok);
        }
        Assert.Equal(Hour - 10 * Minute, Refuse(codes, Start + 10 * Minute));
        Assert.Equal(1, Refuse(codes, Start + Hour - 1));
        codes = Issue(codes, Start + Hour).Codes;
        Assert.Equal(Minute, Refuse(codes, Start + Hour));
        Issue(codes, Start + Hour + Minute);
    }

    [Fact]
    public void A_phone_gets_ten_messages_a_day()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 10; message++)
            codes = Issue(codes, Start + message * Hour, from: $"192.0.2.{message}").Codes;
        Assert.Equal(Day - 10 * Hour, Refuse(codes, Start + 10 * Hour));
        Assert.Equal(1, Refuse(codes, Start + Day - 1));
        Issue(codes, Start + Day);
    }

    [Fact]
    public void A_message_that_was_not_sent_does_not_count()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 100; message++)
        {
            (codes, var unsent) = Issue(codes, Start);
            codes = CodeRules.Withdraw(codes, unsent.Nonce);
        }
        Assert.True(codes.IsEmpty);
    }

    [Fact]
    public void A_message_that_failed_does_not_count_but_another_waits_for_60_seconds()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 100; message++)
        {
            var now = Start + message * Minute;
            (codes, var failed) = Issue(codes, now);
            codes = CodeRules.Fail(codes, failed.Nonce);
            Assert.Equal(1, Refuse(codes, now + Minute - 1));
            Try(codes, failed.Code, failed.Nonce, now, StatusCode.BadCode);
            Try(codes, failed.Code, null, now, StatusCode.BadCode);
            Assert.Single(codes.Sent);
        }
    }

    [Fact]
    public void Messages_that_failed_make_nobody_forget_those_that_were_sent()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 4; message++)
            codes = Issue(codes, Start + message * Minute, from: $"192.0.2.{message}").Codes;
        for (var message = 4; message < 30; message++)
        {
            (codes, var failed) = Issue(codes, Start + message * Minute, from: $"192.0.2.{message}");
            codes = CodeRules.Fail(codes, failed.Nonce);
        }

        codes = Issue(codes, Start + 30 * Minute, from: "192.0.2.30").Codes;
        Assert.Equal(Hour - 31 * Minute, Refuse(codes, Start + 31 * Minute));
    }

    [Fact]
    public void One_address_leaves_messages_of_a_phone_to_others()
    {
        var codes = PhoneCodes.None;
        for (var asked = Start; asked < Start + Day; asked += Minute)
        {
            var fresh = CodeRules.NewCode(Elsewhere, asked);
            (_, codes) = Rules.Issue(codes, fresh);
            // Whenever the owner asks, the wait is the short one.
            if (Rules.Issue(codes, CodeRules.NewCode(Home, asked + 1)).Failure is { RetryAfterMs: > 0 } refusal)
                Assert.InRange(refusal.RetryAfterMs, 1, 60 * Second);
        }
        Assert.InRange(codes.Sent.Count, 1, 8);

        var own = Issue(codes, Start + Day + Minute, Home);
        Try(own.Codes, own.Sent.Code, own.Sent.Nonce, Start + Day + Minute, StatusCode.Ok);
    }

    [Fact]
    public void Codes_that_are_used_do_not_count_against_their_address()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 5; message++)
        {
            (codes, var sent) = Issue(codes, Start);
            codes = Try(codes, sent.Code, sent.Nonce, Start, StatusCode.Ok);
        }
        Assert.Equal(Hour, Refuse(codes, Start));
    }

    [Fact]
    public void The_refusal_tells_the_longest_of_the_waits()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 4; message++)
            codes = Issue(codes, Start + message * Minute).Codes;
        Assert.Equal(Hour - 3 * Minute - Second, Refuse(codes, Start + 3 * Minute + Second));
        Assert.Equal(59 * Second, Refuse(codes, Start + 3 * Minute + Second, Elsewhere));
    }

    [Fact]
    public void Asked_again_by_a_store_a_code_is_sent_once()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        var (failure, again) = Rules.Issue(codes, own);
        Assert.Equal(StatusCode.Ok, failure.Code);
        Assert.Single(again.Sent);
    }

    [Fact]
    public void Where_limits_are_lifted_codes_follow_and_overtake_each_other_and_are_still_few()
    {
        var codes = PhoneCodes.None;
        for (var message = 0; message < 100; message++)
        {
            (var failure, codes) = CodeRules.Lifted.Issue(codes, CodeRules.NewCode(Home, Start - message));
            Assert.Equal(StatusCode.Ok, failure.Code);
        }
        Assert.InRange(codes.Sent.Count, 1, 10);
        Try(codes, codes.Sent[^1].Code, codes.Sent[^1].Nonce, Start, StatusCode.Ok);
    }

    // Wrong tries.

    [Fact]
    public void Five_wrong_tries_of_a_device_end_its_code()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        codes = TryWrong(codes, 4, own.Nonce, Start, StatusCode.BadCode);
        codes = TryWrong(codes, 1, own.Nonce, Start, StatusCode.LockedOut);
        codes = Try(codes, own.Code, own.Nonce, Start, StatusCode.LockedOut);
        Try(codes, own.Code, null, Start, StatusCode.BadCode);

        var (renewed, next) = Issue(codes, Start + Minute);
        Try(renewed, next.Code, next.Nonce, Start + Minute, StatusCode.Ok);
    }

    [Fact]
    public void Strangers_can_do_nothing_to_the_code_of_a_device()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        // Another code of their own, wrong with and without its nonce, and right with it.
        (codes, var theirs) = Issue(codes, Start + Minute, Elsewhere);
        codes = TryWrong(codes, 4, theirs.Nonce, Start + Minute, StatusCode.BadCode);
        codes = TryWrong(codes, 1, theirs.Nonce, Start + Minute, StatusCode.LockedOut);
        codes = TryWrong(codes, 4, null, Start + Minute, StatusCode.BadCode);
        codes = TryWrong(codes, 100, null, Start + Minute, StatusCode.LockedOut);
        codes = TryWrong(codes, 100, "guessed", Start + Minute, StatusCode.BadCode);
        codes = TryWrong(codes, 100, "", Start + Minute, StatusCode.BadCode);
        (codes, var more) = Issue(codes, Start + 2 * Minute, Elsewhere);
        codes = Try(codes, own.Code, more.Nonce, Start + 2 * Minute, StatusCode.BadCode);

        Try(codes, own.Code, own.Nonce, Start + 179 * Second, StatusCode.Ok);
    }

    [Fact]
    public void Strangers_who_never_stop_keep_nobody_from_asking_and_logging_in()
    {
        var codes = PhoneCodes.None;
        for (var now = Start; now < Start + 3 * Day; now += 10 * Minute)
        {
            (_, codes) = Rules.Issue(codes, CodeRules.NewCode(Elsewhere, now));
            for (var guess = 0; guess < 5; guess++)
                (_, codes) = CodeRules.Check(codes, Wrong, null, now + 1);

            // Twice a day the owner signs in on a new device.
            if ((now - Start) % (12 * Hour) != 0)
                continue;
            (codes, var own) = Issue(codes, now + Minute, Home);
            codes = Try(codes, own.Code, own.Nonce, now + Minute, StatusCode.Ok);
        }
    }

    [Fact]
    public void Wrong_tries_without_a_nonce_share_five_then_nobody_without_one_logs_in_for_ten_minutes()
    {
        var codes = Issue(PhoneCodes.None, Start).Codes;
        (codes, var own) = Issue(codes, Start + Minute, Elsewhere);
        codes = TryWrong(codes, 4, null, Start + Minute, StatusCode.BadCode);
        codes = TryWrong(codes, 1, null, Start + Minute, StatusCode.LockedOut);
        codes = Try(codes, own.Code, null, Start + Minute + 1, StatusCode.LockedOut);
        codes = Try(codes, own.Code, null, Start + 2 * Minute, StatusCode.LockedOut);

        (codes, own) = Issue(codes, Start + 10 * Minute);
        codes = Try(codes, own.Code, null, Start + 11 * Minute - 1, StatusCode.LockedOut);
        codes = TryWrong(codes, 4, null, Start + 11 * Minute, StatusCode.BadCode);
        Try(codes, own.Code, null, Start + 11 * Minute, StatusCode.Ok);
    }

    [Fact]
    public void A_new_code_forgives_no_wrong_tries_without_a_nonce_but_a_login_and_a_day_do()
    {
        var (codes, _) = Issue(PhoneCodes.None, Start);
        var tried = TryWrong(codes, 4, null, Start, StatusCode.BadCode);
        TryWrong(Issue(tried, Start + Minute).Codes, 1, null, Start + Minute, StatusCode.LockedOut);

        var (renewed, own) = Issue(tried, Start + Minute);
        var loggedIn = Try(renewed, own.Code, null, Start + Minute, StatusCode.Ok);
        TryWrong(Issue(loggedIn, Start + 2 * Minute).Codes, 4, null, Start + 2 * Minute, StatusCode.BadCode);

        TryWrong(Issue(tried, Start + Day).Codes, 4, null, Start + Day, StatusCode.BadCode);
    }

    [Fact]
    public void A_login_with_a_nonce_gives_those_without_no_more_tries()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        codes = TryWrong(codes, 4, null, Start, StatusCode.BadCode);
        codes = Try(codes, own.Code, own.Nonce, Start, StatusCode.Ok);
        codes = Issue(codes, Start + 1).Codes;
        TryWrong(codes, 1, null, Start + 1, StatusCode.LockedOut);
    }

    [Fact]
    public void A_wrong_try_where_no_code_is_good_counts_nothing()
    {
        Assert.True(TryWrong(PhoneCodes.None, 10, null, Start, StatusCode.BadCode).IsEmpty);
        var (codes, own) = Issue(PhoneCodes.None, Start);
        codes = TryWrong(codes, 10, null, Start + 3 * Minute, StatusCode.BadCode);
        (codes, own) = Issue(codes, Start + 4 * Minute);
        codes = TryWrong(codes, 4, null, Start + 4 * Minute, StatusCode.BadCode);
        Try(codes, own.Code, null, Start + 4 * Minute, StatusCode.Ok);
    }

    [Fact]
    public void What_a_rule_leaves_as_it_is_is_the_same_record()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start);
        Assert.Same(codes, CodeRules.Check(codes, Wrong, "guessed", Start).Keep);
        Assert.Same(codes, Rules.Issue(codes, CodeRules.NewCode(Home, Start)).Keep);
        Assert.Same(codes, CodeRules.Check(codes, own.Code, own.Nonce, Start + 4 * Minute).Keep);
    }

    // A clock that jumped ahead and was put right.

    [Fact]
    public void A_lockout_of_a_clock_that_jumped_ahead_ends_after_ten_minutes()
    {
        var ahead = Start + 365 * Day;
        var codes = TryWrong(Issue(PhoneCodes.None, ahead).Codes, 5, null, ahead, expected: null);

        (codes, var own) = Issue(codes, Start + Minute, Elsewhere, mayWait: true);
        codes = Try(codes, own.Code, null, own.SentAt, StatusCode.LockedOut);
        (codes, own) = Issue(codes, Start + 11 * Minute, Elsewhere);
        Try(codes, own.Code, null, Start + 11 * Minute, StatusCode.Ok);
    }

    [Fact]
    public void The_messages_of_a_clock_that_jumped_ahead_are_those_of_now()
    {
        var ahead = Start + 365 * Day;
        var codes = PhoneCodes.None;
        for (var message = 0; message < 4; message++)
            codes = Issue(codes, ahead + message * Minute).Codes;

        // Seen with the right time, they were sent then at the latest.
        (var failure, codes) = Rules.Issue(codes, CodeRules.NewCode(Elsewhere, Start));
        Assert.Equal((StatusCode.CodeTooOften, 60 * Second), (failure.Code, failure.RetryAfterMs));
        (failure, codes) = Rules.Issue(codes, CodeRules.NewCode(Home, Start + Minute));
        Assert.Equal((StatusCode.CodeTooOften, Hour - Minute), (failure.Code, failure.RetryAfterMs));
        codes = Issue(codes, Start + Minute, Elsewhere).Codes;
        Issue(codes, Start + Hour);
    }

    [Fact]
    public void A_code_of_a_clock_that_jumped_ahead_is_good_for_180_seconds_from_now()
    {
        var (codes, own) = Issue(PhoneCodes.None, Start + 365 * Day);
        codes = Try(codes, Wrong, own.Nonce, Start, StatusCode.BadCode);
        Try(codes, own.Code, own.Nonce, Start + 179 * Second, StatusCode.Ok);
        Try(codes, own.Code, own.Nonce, Start + 180 * Second, StatusCode.BadCode);
    }

    [Fact]
    public void Everything_of_a_clock_that_jumped_ahead_is_forgotten_a_day_after_it_was_seen()
    {
        var (codes, _) = Issue(PhoneCodes.None, Start + 365 * Day);
        (_, codes) = Rules.Issue(codes, CodeRules.NewCode(Home, Start));
        Assert.True(CodeRules.Check(codes, Wrong, null, Start + Day).Keep.IsEmpty);
    }

    // Asks for a code, which must be allowed; or, where it may wait, as soon as it is.
    private static (PhoneCodes Codes, SentCode Sent) Issue(PhoneCodes codes, long now, string from = Home, bool mayWait = false)
    {
        var fresh = CodeRules.NewCode(from, now);
        var (failure, keep) = Rules.Issue(codes, fresh);
        if (mayWait && failure.RetryAfterMs > 0)
            return Issue(keep, now + failure.RetryAfterMs, from);
        Assert.Equal(default, failure);
        return (keep, fresh);
    }

    // Asks for a code, which must be refused, and answers for how long.
    private static long Refuse(PhoneCodes codes, long now, string from = Home)
    {
        var (failure, keep) = Rules.Issue(codes, CodeRules.NewCode(from, now));
        Assert.Equal(StatusCode.CodeTooOften, failure.Code);
        Assert.Equal(codes.Sent, keep.Sent);
        return failure.RetryAfterMs;
    }

    private static PhoneCodes Try(PhoneCodes codes, string code, string? nonce, long now, StatusCode expected)
    {
        var (failure, keep) = CodeRules.Check(codes, code, nonce, now);
        Assert.Equal(expected, failure.Code);
        return keep;
    }

    private static PhoneCodes TryWrong(PhoneCodes codes, int times, string? nonce, long now, StatusCode? expected)
    {
        for (var i = 0; i < times; i++)
        {
            (var failure, codes) = CodeRules.Check(codes, Wrong, nonce, now);
            if (expected is not null)
                Assert.Equal(expected, failure.Code);
        }
        return codes;
    }
}
