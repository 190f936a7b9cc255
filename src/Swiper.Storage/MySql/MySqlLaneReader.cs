namespace Swiper.Storage.MySql;

/// <summary>
/// What one of a shard's readers reads through: operations add their keys, then one statement asks for all of them. There is no
/// transaction: each statement sees what is committed when it runs.
/// </summary>
internal abstract class MySqlLaneReader(ShardServer server) : IDisposable
{
    public ShardServer Server { get; } = server;

    /// <summary>Used by one batch at a time.</summary>
    public ShardConnection Connection { get; } = server.Connect();

    public void Dispose()
    {
        Connection.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// Asks for what the operations of the batch have added, and is empty again. It may be called again for the same keys after it
    /// failed.
    /// </summary>
    protected internal abstract ValueTask FlushAsync();

    /// <summary>Drops what the batch has collected.</summary>
    protected internal abstract void Forget();
}
