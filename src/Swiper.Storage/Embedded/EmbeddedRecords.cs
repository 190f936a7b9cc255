using System.Data.Common;
using Swiper.Core.Diagnostics;
using Swiper.Storage.Records;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Records of the embedded engine: the work runs in the shard's lane, within the transaction of its batch, and shares that commit. The
/// code that awaits it continues on the lane's thread, as with every operation.
/// </summary>
internal sealed class EmbeddedRecords : IRecords, IDisposable
{
    private readonly EmbeddedEngine _engine;

    public EmbeddedRecords(EmbeddedEngine engine)
    {
        _engine = engine;
        ShardKeys = [.. engine.Shards.Select(shard => (long)shard.Number)];
        FollowUps = new FollowUps(this, engine.Clock, engine.Logger);
    }

    public FollowUps FollowUps { get; }

    public SqlDialect Sql => SqlDialect.Sqlite;

    public IReadOnlyList<long> ShardKeys { get; }

    public long ShardKeyOf(long key) => _engine.ShardOf(key).Number;

    public ValueTask<TResult> RunAsync<TResult>(long key, Func<RecordSession, Task<TResult>> work)
    {
        var operation = RecordOperation<TResult>.Rent(_engine, key, work);
        var outcome = operation.AsValueTask();
        _engine.ShardOf(key).Lane.Enqueue(operation, Spans.Current);
        return outcome;
    }

    public ValueTask<TResult> ReadAsync<TResult>(long key, Func<DbConnection, Task<TResult>> query) =>
        new(_engine.ShardOf(key).ReadAsync(query, static (reader, query) => reader.Run(query)));

    public long NewUid() => _engine.Uids.Next();

    public void Hear(HostEventKind kind, Action<HostEvent> handler)
    {
        // There is no other host.
    }

    public void Dispose() => FollowUps.Dispose();
}

/// <summary>Runs a repository's code in a lane.</summary>
internal sealed class RecordOperation<TResult> : PooledLaneOperation<RecordOperation<TResult>, ShardWriter, TResult>
{
    private Func<RecordSession, Task<TResult>> _work = null!;
    private EmbeddedEngine _engine = null!;
    private long _key;
    private RecordSession? _session;
    private TResult _result = default!;

    public static RecordOperation<TResult> Rent(EmbeddedEngine engine, long key, Func<RecordSession, Task<TResult>> work)
    {
        var operation = RentInstance();
        (operation._engine, operation._key, operation._work) = (engine, key, work);
        return operation;
    }

    protected internal override void Execute(ShardWriter writer) => _result = writer.Connection.Run(connection =>
    {
        _session = new RecordSession(connection, SqlDialect.Sqlite, _key, _engine.Clock, Span, blocks: true);
        return _work(_session);
    });

    protected override bool TryPublish(out TResult result)
    {
        _session!.Committed();
        foreach (var (uid, push) in _session.Pushes)
            _engine.Sessions.Push(uid, push);
        foreach (var followUp in _session.FollowUps)
            _engine.Records.FollowUps.Begin(followUp);
        result = _result;
        return true;
    }

    protected override void Clear()
    {
        _work = null!;
        _engine = null!;
        _session = null;
        _result = default!;
    }
}
