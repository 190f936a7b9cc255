namespace Swiper.Storage.MySql;

/// <summary>
/// What a shard's writing lane writes through: one transaction a batch. A batch that met a transient error runs again as a whole, and so does
/// one whose COMMIT was cut off: it may have been done, so what a derived writer sends must be harmless twice.
/// </summary>
internal abstract class MySqlLaneWriter(ShardServer server) : MySqlLaneSession(server)
{
    public sealed override void Begin() => Connection.Begin();

    public sealed override void Commit()
    {
        Flush();
        Connection.Commit();
    }

    public sealed override void Rollback()
    {
        Forget();
        Connection.Rollback();
    }
}
