using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

/// <summary>Why a user is reported. The numbers are on the wire and in the stores: they never change.</summary>
[Description("Why a user is reported.")]
public enum ReportReason : byte
{
    Spam = 1,
    Fake = 2,
    Offensive = 3,
    Underage = 4,
    Other = 5,
}

public readonly record struct ReportRequest(
    [Description("the reported user")] long Uid,
    [Description("why")] ReportReason Reason,
    [Description("what the staff should know, on one line: at least one visible character, no control characters and none that change "
        + "text direction; nil for none"), MaxBytes(ReportRules.MaxTextBytes)]
    string? Text = null) : IPayload<ReportRequest>
{
    public static ReportRequest Read(scoped ref FieldReader fields)
    {
        var request = new ReportRequest(
            fields.Int64("uid"), (ReportReason)fields.Int32("reason", (int)ReportReason.Spam, (int)ReportReason.Other),
            fields.OptionalString("text", ReportRules.MaxTextBytes));
        if (request.Text is { } text && ShownText.ProblemOf(text) is { } problem)
            fields.Fail("text", problem);
        return request;
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Uid);
        writer.WriteInt64((byte)Reason);
        writer.WriteOptionalString(Text);
    }
}

public readonly record struct ReportReply([Description("names the report")] long ReportId) : IPayload<ReportReply>
{
    public static ReportReply Read(scoped ref FieldReader fields) => new(fields.Int64("report_id"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(ReportId);
    }
}

[Description("Reports a user to the staff, who are shown the reason and the text. Reports by enough different users within a day take the "
    + "reported user out of everybody's deck until the staff decide, by [the rules in numbers](#rules-in-numbers). Until they decide, a "
    + "user has one report of another: reporting again replaces its reason and text and returns the same `report_id`. 1005 when the "
    + "day's reports are used. A pair that is blocked can report each other, too.")]
internal sealed class ReportHandler(IReportRepository reports, IAccountRepository accounts, TimeProvider clock)
    : IDeferredHandler<ReportRequest, ReportReply>
{
    private static readonly Failure Oneself = new(StatusCode.BadParams, "uid: you can't report yourself");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<ReportReply>> HandleAsync(Session session, ReportRequest request)
    {
        if (request.Uid == session.Uid)
            return Oneself;
        if (await accounts.FindAsync(request.Uid) is null)
            return ProfileHandler.NoSuchUser;
        var kept = await reports.ReportAsync(session.Uid, request.Uid, request.Reason, request.Text?.Trim(), clock.NowMs());
        return kept.IsOk ? new ReportReply(kept.Value) : kept.Failure;
    }
}

/// <summary>When reports take somebody out of decks, and how many one may make.</summary>
public static class ReportRules
{
    /// <summary>So many different users take the one whom they report out of decks.</summary>
    public const int Reporters = 3;

    /// <summary>Users whom one may report on a UTC day.</summary>
    public const int MostADay = 20;

    /// <summary>The longest text, in bytes.</summary>
    public const int MaxTextBytes = 1000;

    /// <summary>How long a report counts towards <see cref="Reporters"/>: for less than so many milliseconds.</summary>
    public const long CountsMs = WireTime.DayMs;

    /// <summary>Counts a report on the day of its reporter; one of somebody whom they have reported that day is no more.</summary>
    /// <param name="before">The last day on which the reporter reported anybody.</param>
    /// <param name="uid">Whom they report now.</param>
    /// <param name="now">The time, in milliseconds since the Unix epoch.</param>
    /// <returns>The same afterwards; a failure if the day has no more.</returns>
    public static Outcome<ReportsOfDay> Count(ReportsOfDay before, long uid, long now)
    {
        var today = WireTime.DayNumber(now);
        if (before.Day != today)
            return new ReportsOfDay(today, [uid]);
        if (before.Uids.Contains(uid))
            return before;
        return before.Uids.Count < MostADay
            ? before with { Uids = [.. before.Uids, uid] }
            : Failure.Throttled(TimeSpan.FromMilliseconds(((today + 1) * WireTime.DayMs) - now));
    }
}

/// <param name="Day">Days since the Unix epoch, UTC.</param>
/// <param name="Uids">Those whom somebody has reported on it.</param>
public readonly record struct ReportsOfDay(long Day, IReadOnlyList<long> Uids);
