using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// What the operations of a shard's lane write through: the shard's only writing connection and its transaction. An engine derives from it
/// to add the prepared statements of its tables.
/// </summary>
internal class SqliteShardWriter : ILaneWriter
{
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly OpenFileCheck _files;

    /// <param name="connection">A writer, which the caller disposes after the lane has stopped.</param>
    public SqliteShardWriter(SqliteConnection connection)
    {
        Connection = connection;
        // Immediate: take the lock here, where a failure costs nothing, rather than at the first row.
        _begin = connection.Prepare("BEGIN IMMEDIATE"u8);
        _commit = connection.Prepare("COMMIT"u8);
        _rollback = connection.Prepare("ROLLBACK"u8);
        _files = new OpenFileCheck(connection);
    }

    public SqliteConnection Connection { get; }

    /// <summary>Held while a batch commits. Whoever holds those of all shards sees them as they were at one moment.</summary>
    public Lock CommitGate { get; } = new();

    public void Begin()
    {
        // A rollback that failed with the disk left its transaction open.
        if (Connection.InTransaction)
            Rollback();
        _files.Verify();
        _begin.Run();
    }

    public void Commit()
    {
        lock (CommitGate)
            _commit.Run();
    }

    public void Rollback()
    {
        Connection.ResetStatements();
        if (Connection.InTransaction)
            _rollback.Run();
    }

    public bool IsStorageFailure(Exception exception) => exception is SqliteException { IsStorageFailure: true };
}
