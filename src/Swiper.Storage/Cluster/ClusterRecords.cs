using System.Data.Common;
using Swiper.Core.Protocol;
using Swiper.Storage.Records;

namespace Swiper.Storage.Cluster;

/// <summary>
/// Records of the cluster: each work is a transaction of its own on a pooled connection to the shard, and what it tells the other hosts is
/// written in it.
/// </summary>
internal sealed class ClusterRecords : IRecords, IDisposable
{
    private readonly ClusterEngine _engine;
    private readonly UserTurns _turns = new();

    public ClusterRecords(ClusterEngine engine)
    {
        _engine = engine;
        ShardKeys = [.. engine.Shards.Select(shard => (long)shard.Number)];
        FollowUps = new FollowUps(this, engine.Clock, engine.Logger);
    }

    public FollowUps FollowUps { get; }

    public SqlDialect Sql => SqlDialect.MySql;

    public IReadOnlyList<long> ShardKeys { get; }

    public ValueTask<TResult> RunAsync<TResult>(long key, Func<RecordSession, Task<TResult>> work) =>
        _turns.RunAsync(key, () => TransactAsync(key, work));

    public ValueTask<TResult> ReadAsync<TResult>(long key, Func<DbConnection, Task<TResult>> query) =>
        _engine.ShardOf(key).ReadAsync(query, static (connection, query) => query(connection));

    public long NewUid() => _engine.Node.TryNextUid(out var uid, out var why) ? uid : throw why;

    public void Hear(HostEventKind kind, Action<HostEvent> handler) => _engine.Events.Hear(kind, handler);

    public void Dispose() => FollowUps.Dispose();

    private async ValueTask<TResult> TransactAsync<TResult>(long key, Func<RecordSession, Task<TResult>> work)
    {
        var (session, result) = await _engine.ShardOf(key).TransactAsync(async connection =>
        {
            var session = new RecordSession(connection, Sql, key, _engine.Clock);
            var result = await work(session).ConfigureAwait(false);
            foreach (var (uid, push) in session.Pushes)
                session.Tell(HostEventKind.Pushed, uid, push.Seq);
            await WriteEventsAsync(session).ConfigureAwait(false);
            return (session, result);
        }).ConfigureAwait(false);
        session.Committed();
        foreach (var (uid, push) in session.Pushes)
            _engine.Pushes.Deliver(uid, push);
        foreach (var happened in session.Events)
        {
            if (happened.Kind != HostEventKind.Pushed)
                _engine.Events.Tell(happened);
        }
        foreach (var followUp in session.FollowUps)
            FollowUps.Begin(followUp);
        return result;
    }

    private async ValueTask WriteEventsAsync(RecordSession session)
    {
        if (session.Events.Count == 0)
            return;
        var (at, node) = (_engine.Clock.NowMs(), _engine.Node.Claim.Node);
        await session.ExecuteAsync(
            "INSERT INTO events (at, node, kind, uid, subject) VALUES (@at, @node, @kind, @uid, @subject)",
            session.Events.Select(happened => new { at, node, kind = (int)happened.Kind, uid = happened.Uid, subject = happened.Subject }))
            .ConfigureAwait(false);
    }
}
