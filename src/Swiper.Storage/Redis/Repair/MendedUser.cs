using Swiper.Core.Social;

namespace Swiper.Storage.Redis.Repair;

/// <summary>What the truth says about a user, to be written into the index; it replaces what was there.</summary>
/// <param name="Uid">Who.</param>
/// <param name="Swiped">Whom they have swiped.</param>
/// <param name="Likers">Who likes them. Those whom they have swiped may be left out.</param>
/// <param name="Scores">Their scores on boards that still count, those of zero with the time they were reached too.</param>
internal sealed record MendedUser(long Uid, ReadOnlyMemory<long> Swiped, ReadOnlyMemory<IndexedLiker> Likers,
    ReadOnlyMemory<MendedScore> Scores);

/// <summary>Somebody who likes the user.</summary>
internal readonly record struct IndexedLiker(long Uid, SwipeKind Kind, long At);

/// <summary>A sum of points on a board and the time of the last swipe that counts in it.</summary>
internal readonly record struct MendedScore(BoardPeriod Board, long Score, long Reached);
