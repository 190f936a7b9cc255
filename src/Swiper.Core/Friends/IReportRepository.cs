using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

/// <summary>What users report of each other, and what staff decide about it.</summary>
public interface IReportRepository
{
    /// <summary>
    /// Keeps a report for the staff and returns its id. While they have not decided, a user has one report of another: a new one replaces
    /// its reason and text. Reports by <see cref="ReportRules.Reporters"/> users within <see cref="ReportRules.CountsMs"/> take the
    /// reported user out of decks, on this host at once. <see cref="StatusCode.Throttled"/> after <see cref="ReportRules.MostADay"/>.
    /// </summary>
    ValueTask<Outcome<long>> ReportAsync(long reporter, long uid, ReportReason reason, string? text, long now);

    /// <summary>Those who were reported and about whom staff have not decided: those first who have waited longest.</summary>
    /// <param name="limit">People at most.</param>
    ValueTask<IReadOnlyList<ReportedUser>> ReadUndecidedAsync(int limit);

    /// <summary>
    /// Decides about a user's reports so far, which no longer count. A later decision overrules an earlier one. False if nobody has ever
    /// reported the user.
    /// </summary>
    ValueTask<bool> DecideAsync(long uid, ReportDecision decision, long now);
}

/// <summary>What staff decide about a reported user. The numbers are in the stores: they never change.</summary>
public enum ReportDecision : byte
{
    /// <summary>The user is in decks, again or still.</summary>
    Clear = 0,

    /// <summary>The user stays out of decks.</summary>
    Remove = 2,
}

/// <summary>Whether decks show a user. The numbers are in the stores: they never change.</summary>
public enum DeckStanding : byte
{
    /// <summary>Nothing stands against it.</summary>
    Shown = 0,

    /// <summary>Not until staff decide.</summary>
    Reported = 1,

    /// <summary>Staff have decided against it.</summary>
    Removed = 2,
}

/// <summary>A user about whom staff have not decided.</summary>
/// <param name="Uid">The reported user.</param>
/// <param name="Standing">Whether decks show them.</param>
/// <param name="Since">When the first of the reports was made.</param>
/// <param name="Reporters">How many users have reported them.</param>
/// <param name="Reports">The newest reports, at most <see cref="MostReports"/>, the newest first.</param>
public sealed record ReportedUser(long Uid, DeckStanding Standing, long Since, int Reporters, IReadOnlyList<UserReport> Reports)
{
    public const int MostReports = 20;
}

/// <summary>A report.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Reporter">Whose it is.</param>
/// <param name="Reason">Why.</param>
/// <param name="Text">What the reporter wrote; null for nothing.</param>
/// <param name="At">When they last did.</param>
public sealed record UserReport(long Id, long Reporter, ReportReason Reason, string? Text, long At);
