using System.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster;

/// <summary>
/// Group commit of records: what their lanes write with. Works that wait at the same time run one after the other, on one connection
/// and in one transaction, which begins with the first statement and ends together with the events of all.
/// </summary>
/// <remarks>
/// <code>
/// BEGIN + work, work, ..., events + COMMIT -> all complete
///   |- a row that another transaction holds, a deadlock: ROLLBACK; that work leaves the lane (GroupedWork), the others run again
///   |- a work throws something else: ROLLBACK; it fails, the others run again (LaneBatch)
///   |- they take too long together: ROLLBACK; each runs by itself (LaneBatch)
///   |- the connection is lost before the COMMIT: all run again, on a new one
///   `- it is lost during the COMMIT, or the shard refuses or doesn't answer: all fail
/// </code>
/// </remarks>
internal sealed class RecordWriter : ILaneWriter, IDisposable
{
    /// <summary>
    /// The commit is a small part of that many works, and others wait neither long for their end nor for the rows that they lock.
    /// </summary>
    public const int MostWorks = 16;

    private readonly ShardServer _server;
    private readonly ShardConnection _connection;
    private readonly NodeLease _node;
    private readonly TimeProvider _clock;
    private readonly List<HostEvent> _events = [];
    private bool _hasBegun;

    public RecordWriter(ShardServer server, NodeLease node, TimeProvider clock)
    {
        (_server, _node, _clock) = (server, node, clock);
        _connection = server.Connect();
    }

    public void Run(Action attempt) => _server.Run(_connection, attempt);

    public void Begin()
    {
        _events.Clear();
        _hasBegun = false;
    }

    /// <summary>Runs a work within the transaction; the span is what it is part of, where that is sampled.</summary>
    public (RecordSession Session, TResult Result) Run<TResult>(long key, Func<RecordSession, Task<TResult>> work, Activity? span) =>
        _connection.Run((writer: this, key, work, span), static (connection, run) =>
        {
            var (writer, key, work, span) = run;
            var begin = writer._hasBegun ? "" : ShardServer.Begin;
            var session = new RecordSession(connection, SqlDialect.MySql, key, writer._clock, span, begin, blocks: true);
            var task = work(session);
            if (!task.IsCompleted)
                throw new InvalidOperationException("This code awaits something but its session, which would hold up the shard.");
            var result = task.GetAwaiter().GetResult();
            session.TellOfPushes();
            writer._hasBegun |= session.HasBegun;
            writer._events.AddRange(session.Events);
            return (session, result);
        });

    public void Commit()
    {
        try
        {
            _connection.Commit(EventRows.Statement(_events, _node, _clock));
        }
        catch (DeadlinePassedException passed)
        {
            // Each of them has waited for others: by itself it may be in time.
            throw new LeftLaneException(passed);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) == ShardFailure.Unreachable)
        {
            throw ShardServer.LostInCommit(exception);
        }
    }

    public void Rollback() => _connection.Rollback();

    public bool IsStorageFailure(Exception exception) => TransientErrors.KindOf(exception) != ShardFailure.None;

    public void Dispose() => _connection.Dispose();
}

/// <summary>
/// A work in a lane. What might hold up the others it does in no lane: it fails with <see cref="LeftLaneException"/> when it has met a
/// conflict with another transaction.
/// </summary>
internal sealed class GroupedWork<TResult>
    : PooledLaneOperation<GroupedWork<TResult>, RecordWriter, (RecordSession Session, TResult Result)>
{
    private long _key;
    private Func<RecordSession, Task<TResult>> _work = null!;
    private (RecordSession Session, TResult Result) _outcome;
    private LeftLaneException? _left;

    public static GroupedWork<TResult> Rent(long key, Func<RecordSession, Task<TResult>> work)
    {
        var grouped = RentInstance();
        (grouped._key, grouped._work) = (key, work);
        return grouped;
    }

    protected internal override void Execute(RecordWriter writer)
    {
        // The lane runs it once more, by itself, to see whether it is at fault.
        if (_left is not null)
            throw _left;
        try
        {
            _outcome = writer.Run(_key, _work, Span);
        }
        catch (Exception exception) when (
            exception is StoreUnavailableException || TransientErrors.KindOf(exception) == ShardFailure.Contention)
        {
            throw _left = new LeftLaneException(exception);
        }
    }

    protected override bool TryPublish(out (RecordSession Session, TResult Result) result)
    {
        result = _outcome;
        return true;
    }

    protected override void Clear()
    {
        _work = null!;
        _outcome = default;
        _left = null;
    }
}

/// <summary>A work is to be run in a transaction of its own: nothing of it was written.</summary>
internal sealed class LeftLaneException(Exception cause) : Exception("This has to be run in a transaction of its own.", cause);

/// <summary>Logs what becomes of a lane's works.</summary>
internal sealed class RecordHooks(ClusterShard shard) : LaneHooks<RecordWriter>
{
    public override void BatchFailed(ReadOnlySpan<LaneOperation<RecordWriter>> batch, Exception exception) => shard.Refused(exception);

    public override void Faulted(Exception exception)
    {
        if (exception is not LeftLaneException)
            shard.Faulted(exception);
    }
}
