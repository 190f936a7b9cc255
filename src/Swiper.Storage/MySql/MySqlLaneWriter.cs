using Swiper.Storage.Sharding;

namespace Swiper.Storage.MySql;

/// <summary>
/// What a shard's writing lane writes through: operations only add rows, and <see cref="Flush"/> sends them in as few statements as
/// possible, in one transaction per batch. A batch that met a transient error runs again as a whole, and so does one whose COMMIT was
/// interrupted: it may have succeeded, so what a derived writer sends must be idempotent. Disposed after its lane has stopped.
/// </summary>
internal abstract class MySqlLaneWriter(ShardServer server) : ILaneWriter, IDisposable
{
    public ShardServer Server { get; } = server;

    /// <summary>Used on the lane's thread only.</summary>
    public ShardConnection Connection { get; } = server.Connect();

    public void Run(Action attempt) => Server.Run(Connection, attempt);

    public void Begin() => Connection.Begin();

    public void Commit()
    {
        Flush();
        Connection.Commit();
    }

    public void Rollback()
    {
        Forget();
        Connection.Rollback();
    }

    public bool IsStorageFailure(Exception exception) => TransientErrors.KindOf(exception) != ShardFailure.None;

    public void Dispose()
    {
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends the collected rows and clears them.</summary>
    protected abstract void Flush();

    /// <summary>Drops the collected rows.</summary>
    protected abstract void Forget();
}
