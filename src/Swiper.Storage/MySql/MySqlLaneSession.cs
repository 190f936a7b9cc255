using Swiper.Storage.Sharding;

namespace Swiper.Storage.MySql;

/// <summary>
/// What the operations of a MySQL lane collect rows or keys in, and the lane's connection: operations only add, and
/// <see cref="Flush"/> sends it all in as few statements as it takes. It is disposed after its lane has stopped.
/// </summary>
internal abstract class MySqlLaneSession(ShardServer server) : ILaneWriter, IDisposable
{
    public ShardServer Server { get; } = server;

    /// <summary>Used on the lane's thread only.</summary>
    public ShardConnection Connection { get; } = server.Connect();

    public void Run(Action attempt) => Server.Run(Connection, attempt);

    public abstract void Begin();

    public abstract void Commit();

    public abstract void Rollback();

    public bool IsStorageFailure(Exception exception) => TransientErrors.KindOf(exception) != ShardFailure.None;

    public void Dispose()
    {
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends what the batch has collected, and is empty again.</summary>
    protected abstract void Flush();

    /// <summary>Drops what the batch has collected.</summary>
    protected abstract void Forget();
}
