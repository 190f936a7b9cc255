using System.Collections.Concurrent;
using Dapper;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;

namespace Swiper.Storage.Friends;

/// <summary>
/// Blocks: one row in the shard of the user who blocks. Every host holds all of them in memory, because everything that shows people asks.
/// </summary>
internal sealed class BlockRepository : IBlockRepository, IDisposable
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(1);

    private readonly IRecords _records;
    private readonly BlockIndex _index;
    private readonly TimeProvider _clock;
    private readonly UserTurns _refreshes = new();
    private readonly ConcurrentQueue<(long Uid, long Bid)> _heard = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private bool _isLoaded;

    public BlockRepository(IRecords records, BlockIndex index, TimeProvider clock)
    {
        (_records, _index, _clock, _stopped) = (records, index, clock, _stopping.Token);
        records.Hear(HostEventKind.BlockChanged, happened => Hear(happened.Uid, happened.Subject));
    }

    /// <summary>Reads all blocks into memory, at start; on the cluster after this host has begun to hear of changes.</summary>
    public async Task LoadAsync()
    {
        foreach (var shard in _records.ShardKeys)
        {
            var blocks = await _records.ReadAsync(shard, connection =>
                connection.QueryAsync<(long Uid, long Bid)>("SELECT uid, bid FROM blocks")).ConfigureAwait(false);
            foreach (var (uid, bid) in blocks)
                _index.Put(uid, bid, isBlocked: true);
        }

        // What changed meanwhile may have been read before or after.
        Volatile.Write(ref _isLoaded, true);
        while (_heard.TryDequeue(out var changed))
            await RefreshAsync(changed.Uid, changed.Bid).ConfigureAwait(false);
    }

    /// <summary>Gives up on readings of a shard that is away.</summary>
    public void Dispose()
    {
        // By the engine, and by the container that hands it out.
        if (_stopped.IsCancellationRequested)
            return;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    public bool AreBlocked(long uid, long other) => _index.AreBlocked(uid, other);

    public ValueTask<IReadOnlyList<Since>> ReadAsync(long uid, PageCursor? after, int limit) => _records.ReadPageAsync(
        uid,
        """
        SELECT bid, since FROM blocks WHERE uid = @uid AND since <= @at AND (since < @at OR bid < @last)
        ORDER BY since DESC, bid DESC LIMIT @limit
        """,
        after, limit);

    public ValueTask BlockAsync(long uid, long other, long now) => _records.RunAsync(uid, async session =>
    {
        var block = new { Uid = uid, Bid = other, Since = now };
        if (await session.ExecuteAsync(_records.Sql.InsertIfAbsent("blocks", "uid", "bid", "since"), block).ConfigureAwait(false) == 0)
            return;
        await FriendRepository.EndByBlockAsync(session, uid, other, now).ConfigureAwait(false);
        Show(session, uid, other, isBlocked: true);
    });

    public ValueTask UnblockAsync(long uid, long other)
    {
        var now = _clock.NowMs();
        return _records.RunAsync(uid, async session =>
        {
            var removed = await session.ExecuteAsync("DELETE FROM blocks WHERE uid = @uid AND bid = @other", new { uid, other })
                .ConfigureAwait(false);
            if (removed == 0)
                return;
            // The other's host may have let a like pass in the moment before it heard of the block. What came of it is over, too:
            // unblocking makes nobody friends.
            await FriendRepository.EndAsync(session, uid, other, now).ConfigureAwait(false);
            Show(session, uid, other, isBlocked: false);
        });
    }

    private void Show(RecordSession session, long uid, long other, bool isBlocked)
    {
        session.OnCommitted(() => _index.Put(uid, other, isBlocked));
        session.Tell(HostEventKind.BlockChanged, uid, other);
    }

    private void Hear(long uid, long other)
    {
        if (!Volatile.Read(ref _isLoaded))
            _heard.Enqueue((uid, other));
        _ = RefreshAsync(uid, other).AsTask();
    }

    // Events may come twice and late, so what counts is what the shard says now: one reading a pair at a time, so that it is the last one.
    private ValueTask<bool> RefreshAsync(long uid, long other) => _refreshes.RunAsync(HashCode.Combine(uid, other), async () =>
    {
        while (true)
        {
            try
            {
                var isBlocked = await _records.ReadAsync(uid, connection => connection.ExecuteScalarAsync<bool>(
                    "SELECT EXISTS (SELECT 1 FROM blocks WHERE uid = @uid AND bid = @other)", new { uid, other })).ConfigureAwait(false);
                _index.Put(uid, other, isBlocked);
                return isBlocked;
            }
            catch (StoreUnavailableException)
            {
                // Rather keep two apart for no reason than bring them together against somebody's will, until the shard is back.
                _index.Put(uid, other, isBlocked: true);
                await Task.Delay(TryAgainAfter, _clock, _stopped).ConfigureAwait(false);
            }
        }
    });
}
