namespace Swiper.Storage.Sharding;

/// <summary>
/// What a lane's operations write through, and the transaction around a batch of them. SQLite's runs statements immediately; another may
/// collect rows and send them in <see cref="Commit"/>. Only the lane's thread calls it.
/// </summary>
internal interface ILaneWriter
{
    /// <summary>
    /// Runs a batch, whose <paramref name="attempt"/> goes from <see cref="Begin"/> to <see cref="Commit"/> and has rolled back when it
    /// throws. A writer with transient failures may run it several times, and one that knows its store to be down throws instead.
    /// </summary>
    void Run(Action attempt) => attempt();

    /// <summary>Opens a transaction, even after a failed rollback.</summary>
    void Begin();

    /// <summary>
    /// Returns once everything since <see cref="Begin"/> is durable. If it throws, nothing of it is visible; but if the store failed while
    /// syncing it may still be there after a crash, so repeating must be harmless.
    /// </summary>
    void Commit();

    /// <summary>Rolls back everything since <see cref="Begin"/>; harmless without a transaction.</summary>
    void Rollback();

    /// <summary>Whether the store is at fault (full, down, damaged) rather than the operation.</summary>
    bool IsStorageFailure(Exception exception);
}
