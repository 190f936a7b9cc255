namespace Swiper.Storage.Sharding;

/// <summary>
/// What a lane's operations write through, and the transaction around a batch of them. The SQLite one runs statements as it
/// is told; another may collect rows and send them in <see cref="Commit"/>. Only the lane's thread calls it.
/// </summary>
internal interface ILaneWriter
{
    /// <summary>
    /// Surrounds a batch, whose <paramref name="attempt"/> runs from <see cref="Begin"/> to <see cref="Commit"/> and has rolled back
    /// when it throws. A writer whose store fails now and then may run it several times, and one that knows its store to be down throws
    /// instead.
    /// </summary>
    void Run(Action attempt) => attempt();

    /// <summary>Opens a transaction; also after a rollback that failed.</summary>
    void Begin();

    /// <summary>
    /// Returns when everything since <see cref="Begin"/> is durable. If it throws, nothing of it is visible; but what was on its way
    /// when the store failed in the very act of syncing may be found there after a crash, so that repeating must be harmless.
    /// </summary>
    void Commit();

    /// <summary>Forgets everything since <see cref="Begin"/>; harmless without a transaction.</summary>
    void Rollback();

    /// <summary>Whether the store is at fault (full, down, damaged) rather than the operation.</summary>
    bool IsStorageFailure(Exception exception);
}
