namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// A place on a board; <paramref name="ReachedAt"/> is when the score last changed, in milliseconds since the Unix epoch.
/// </summary>
internal readonly record struct BoardEntry(long Uid, int Score, long ReachedAt);

/// <summary>Points won or lost by a user; <paramref name="At"/> is in milliseconds since the Unix epoch.</summary>
internal readonly record struct ScoreChange(int Slot, int Delta, long At);

/// <summary>The score of a user, by slot.</summary>
internal readonly record struct Ranked(int Score, int Slot, long ReachedAt);
