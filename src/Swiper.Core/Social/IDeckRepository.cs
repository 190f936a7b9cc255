using System.ComponentModel;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Social;

/// <summary>Finds people for a deck.</summary>
public interface IDeckRepository
{
    /// <summary>
    /// People of <see cref="Profile.DatingSex"/> within age and distance, never the user or whom the user has swiped: those who
    /// superliked the user, in that order, then the others by <see cref="DeckScore"/>. Of these, where there are more than can be shown,
    /// every <see cref="DeckRules.TurnEvery"/>th place is for somebody whose turn it is: who is active and was not shown to anybody on
    /// this day. If there is nobody, the reasons.
    /// </summary>
    /// <param name="profile">Who looks, with what they look for.</param>
    /// <param name="count">People at most.</param>
    /// <param name="today">The day that ages are reckoned on, and that luck is drawn for.</param>
    /// <param name="why">Whether the deck is to explain itself; costs as much as an empty deck does.</param>
    /// <param name="left">Cancelled when nobody waits for the deck any more.</param>
    /// <exception cref="OperationCanceledException">Nobody did when its turn came.</exception>
    ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today, bool why = false, CancellationToken left = default);

    /// <summary>
    /// The first people of the draw are about to be shown to the user: those who have not been shown to anybody on the day have had their
    /// turn now. Those whose place went by turns stay on the user's decks of the day until the user swipes them, except that the last such
    /// place is for somebody who still waits, if there is anybody.
    /// </summary>
    void Shown(long uid, DeckDraw draw, int count, DateOnly today);
}

/// <param name="People">In the order to show them.</param>
/// <param name="Exclusions">If there is nobody, or the deck explains itself: how many people each filter excluded.</param>
/// <param name="Whys">Of each of the people, if the deck explains itself.</param>
public sealed record DeckDraw(
    IReadOnlyList<DeckCandidate> People, DeckExclusions Exclusions, IReadOnlyList<DeckWhy>? Whys = null);

/// <param name="Uid">The user.</param>
/// <param name="Km">How far, rounded up to whole kilometres; null where either place is not known.</param>
/// <param name="SuperlikedMe">They superliked the user.</param>
/// <param name="ByTurn">The place went by turns.</param>
public readonly record struct DeckCandidate(long Uid, int? Km, bool SuperlikedMe, bool ByTurn = false);

/// <summary>The rules of who is on a deck besides the score.</summary>
public static class DeckRules
{
    /// <summary>Every so many places one goes by turns.</summary>
    public const int TurnEvery = 5;

    /// <summary>The people, at least, of whom the best are shown: the nearest that the search meets.</summary>
    public const int LeastPool = 120;

    /// <summary>And for each place on a large deck.</summary>
    public const int PoolForEach = 4;

    /// <summary>How many of the places of a deck go by turns.</summary>
    public static int TurnsIn(int places) => places / TurnEvery;

    /// <summary>Whether a place, counted from 0, goes by turns.</summary>
    public static bool IsTurn(int place) => place % TurnEvery == TurnEvery - 1;

    public static int PoolFor(int places) => Math.Max(LeastPool, PoolForEach * places);
}

[Description("How many people each filter left out, each counting those that passed the ones before it.")]
[Map]
public readonly record struct DeckExclusions(
    [Description("others of another sex")] long Sex,
    [Description("those of the wanted sex who are too near or too far, or have not set their place")] long Place,
    [Description("those of the wanted sex and place who are too young or too old")] long Age,
    [Description("those of the wanted sex, place and age who were already swiped, or are blocked")] long Seen);

[Description("Why somebody stands where they do: superlikers aside, and those whose turn it is, the highest score comes first.")]
[Map]
public sealed record DeckWhy(
    [Description("for the points that swipes gave them: 150 for none, 0 to 300")] int Hot,
    [Description("for being active: 300 today, half of it for each three days away")] int Active,
    [Description("for the distance: 300 for the first kilometre, half of it at 11, 0 at an unknown distance")] int Near,
    [Description("drawn for the two and the day: 0 to 100")] int Luck,
    [Description("the sum")] int Score,
    [Description("true if the place went by turns, to somebody active who had not been shown on this day")] bool Turn)
{
    public static DeckWhy Of(DeckScore score, bool turn) =>
        new(score.Hot, score.Active, score.Near, score.Luck, score.Sum, turn);
}
