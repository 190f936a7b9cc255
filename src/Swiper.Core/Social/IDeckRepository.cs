using System.ComponentModel;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Core.Social;

/// <summary>Finds people for a deck.</summary>
public interface IDeckRepository
{
    /// <summary>
    /// People of <see cref="Profile.DatingSex"/> within age and distance, never the user or whom the user has swiped: those who
    /// superliked the user, in that order, then the others, nearest first. If there is nobody, the reasons.
    /// </summary>
    /// <param name="profile">Who looks, with what they look for.</param>
    /// <param name="count">People at most.</param>
    /// <param name="today">The day that ages are reckoned on.</param>
    ValueTask<DeckDraw> DrawAsync(Profile profile, int count, DateOnly today);
}

/// <param name="People">In the order to show them.</param>
/// <param name="Exclusions">If there is nobody: how many people each filter excluded.</param>
public sealed record DeckDraw(IReadOnlyList<DeckCandidate> People, DeckExclusions Exclusions);

/// <param name="Uid">The user.</param>
/// <param name="Km">How far, rounded up to whole kilometres; null where either place is not known.</param>
/// <param name="SuperlikedMe">They superliked the user.</param>
public readonly record struct DeckCandidate(long Uid, int? Km, bool SuperlikedMe);

[Description("Why a deck is empty: how many people each filter left out, each counting those that passed the ones before it.")]
[Map]
public readonly record struct DeckExclusions(
    [Description("others of another sex")] long Sex,
    [Description("those of the wanted sex who are too near or too far, or have not set their place")] long Place,
    [Description("those of the wanted sex and place who are too young or too old")] long Age,
    [Description("those of the wanted sex, place and age who were already swiped")] long Seen);
