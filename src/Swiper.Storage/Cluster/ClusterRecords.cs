using System.Data.Common;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>
/// Records of the cluster: works that wait for a shard at the same time share a transaction (<see cref="RecordWriter"/>), and one that
/// can't has a transaction of its own, on a pooled connection. What a work tells the other hosts is written with it.
/// </summary>
internal sealed class ClusterRecords : IRecords, IDisposable
{
    private readonly ClusterShards _shards;
    private readonly NodeLease _node;
    private readonly HostEvents _events;
    private readonly TimeProvider _clock;
    private readonly UserTurns _turns = new();
    private readonly UidGenerator _uids;

    public ClusterRecords(ClusterShards shards, NodeLease node, HostEvents events, TimeProvider clock, ILogger logger)
    {
        (_shards, _node, _events, _clock) = (shards, node, events, clock);
        _uids = new UidGenerator(clock);
        ShardKeys = [.. shards.Select(shard => (long)shard.Number)];
        FollowUps = new FollowUps(this, clock, logger);
    }

    /// <summary>Raised for each push that a transaction wrote, once it is durable.</summary>
    public event Action<long, StoredPush>? PushWritten;

    public FollowUps FollowUps { get; }

    public SqlDialect Sql => SqlDialect.MySql;

    public IReadOnlyList<long> ShardKeys { get; }

    public long ShardKeyOf(long key) => _shards.Of(key).Number;

    public ValueTask<TResult> RunAsync<TResult>(long key, Func<RecordSession, Task<TResult>> work) =>
        _turns.RunAsync(key, () => TransactAsync(key, work));

    public ValueTask<TResult> ReadAsync<TResult>(long key, Func<DbConnection, Task<TResult>> query) =>
        _shards.Of(key).ReadAsync(query, static (connection, query) => query(connection));

    public long NewUid() => _uids.Next();

    public void Hear(HostEventKind kind, Action<HostEvent> handler) => _events.Hear(kind, handler);

    public void Dispose() => FollowUps.Dispose();

    private async ValueTask<TResult> TransactAsync<TResult>(long key, Func<RecordSession, Task<TResult>> work)
    {
        var (session, result) = await CommitAsync(key, work).ConfigureAwait(false);
        session.Committed();
        foreach (var (uid, push) in session.Pushes)
            PushWritten?.Invoke(uid, push);
        foreach (var happened in session.Events)
        {
            if (happened.Kind != HostEventKind.Pushed)
                _events.Tell(happened);
        }
        foreach (var followUp in session.FollowUps)
            FollowUps.Begin(followUp);
        return result;
    }

    private async ValueTask<(RecordSession Session, TResult Result)> CommitAsync<TResult>(
        long key, Func<RecordSession, Task<TResult>> work)
    {
        // Works of a whole shard, such as pruning, may take longer than others shall wait.
        if ((ulong)key >= (ulong)ShardKeys.Count)
        {
            try
            {
                return await CommitWithOthersAsync(key, work).ConfigureAwait(false);
            }
            catch (LeftLaneException)
            {
                // Nothing of it was written.
            }
        }

        return await CommitAloneAsync(key, work).ConfigureAwait(false);
    }

    private ValueTask<(RecordSession Session, TResult Result)> CommitWithOthersAsync<TResult>(
        long key, Func<RecordSession, Task<TResult>> work)
    {
        var grouped = GroupedWork<TResult>.Rent(key, work);
        var outcome = grouped.AsValueTask();
        _shards.Of(key).RecordLaneOf(key).Enqueue(grouped, Spans.Current);
        return outcome;
    }

    private ValueTask<(RecordSession Session, TResult Result)> CommitAloneAsync<TResult>(
        long key, Func<RecordSession, Task<TResult>> work) =>
        _shards.Of(key).TransactAsync(async connection =>
        {
            var session = new RecordSession(connection, Sql, key, _clock, Spans.Current, ShardServer.Begin);
            var result = await work(session).ConfigureAwait(false);
            session.TellOfPushes();
            return ((session, result), EventRows.Statement(session.Events, _node, _clock));
        });
}
