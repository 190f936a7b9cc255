namespace Swiper.Storage.MySql;

/// <summary>
/// What a shard's reading lane reads through: operations add their keys, and where the batch would commit, one statement asks for all
/// of them. Each statement sees what is committed when it runs; there is no transaction.
/// </summary>
internal abstract class MySqlLaneReader(ShardServer server) : MySqlLaneSession(server)
{
    public sealed override void Begin()
    {
    }

    public sealed override void Commit() => Flush();

    public sealed override void Rollback() => Forget();
}
