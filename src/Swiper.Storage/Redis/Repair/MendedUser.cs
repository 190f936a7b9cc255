namespace Swiper.Storage.Redis.Repair;

/// <summary>A user's data from the truth, which replaces what the index holds.</summary>
/// <param name="Uid">The user.</param>
/// <param name="Swiped">Those the user has swiped.</param>
/// <param name="Likers">Those who like the user; people the user has swiped may be left out.</param>
/// <param name="Scores">The user's scores on boards that still count, including zero scores with their times.</param>
internal sealed record MendedUser(long Uid, ReadOnlyMemory<long> Swiped, ReadOnlyMemory<IndexedLiker> Likers,
    ReadOnlyMemory<MendedScore> Scores);

/// <summary>The points on a board and the time of the last swipe that counts in them.</summary>
internal readonly record struct MendedScore(BoardPeriod Board, long Score, long Reached);
