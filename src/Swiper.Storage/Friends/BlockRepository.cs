using Dapper;
using Microsoft.Extensions.Logging;
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
    private readonly IRecords _records;
    private readonly BlockIndex _index;
    private readonly Mirror<(long Uid, long Bid)> _mirror;
    private readonly string _insert;

    public BlockRepository(IRecords records, BlockIndex index, TimeProvider clock, ILogger logger)
    {
        (_records, _index) = (records, index);
        _insert = records.Sql.InsertIfAbsent("blocks", "uid", "bid", "since");
        // Rather keep two apart for no reason than bring them together against somebody's will, until the shard is back.
        _mirror = new(ReadBlockAsync, clock, logger, pair => index.Put(pair.Uid, pair.Bid, isBlocked: true));
        records.Hear(HostEventKind.BlockChanged, happened => _mirror.Hear((happened.Uid, happened.Subject)));
    }

    /// <summary>Reads all blocks into memory, at start; on the cluster after this host has begun to hear of changes.</summary>
    public Task LoadAsync() => _mirror.LoadAsync(async () =>
    {
        foreach (var shard in _records.ShardKeys)
        {
            var blocks = await _records.ReadAsync(shard, connection =>
                connection.QueryAsync<(long Uid, long Bid)>("SELECT uid, bid FROM blocks")).ConfigureAwait(false);
            foreach (var (uid, bid) in blocks)
                _index.Put(uid, bid, isBlocked: true);
        }
    });

    /// <summary>The engine has read all blocks into memory itself.</summary>
    public void Loaded() => _ = _mirror.LoadAsync(static () => Task.CompletedTask);

    /// <summary>Gives up on readings of a shard that is away.</summary>
    public void Dispose() => _mirror.Dispose();

    public bool AreBlocked(long uid, long other) => _index.AreBlocked(uid, other);

    public ValueTask<IReadOnlyList<Since>> ReadAsync(long uid, PageCursor? after, int limit) => _records.ReadPageAsync(
        uid,
        """
        SELECT bid, since FROM blocks WHERE uid = @uid AND since <= @at AND (since < @at OR bid < @last)
        ORDER BY since DESC, bid DESC LIMIT @limit
        """,
        after, limit);

    public ValueTask<Failure> BlockAsync(long uid, long other, long now) => _records.RunAsync<Failure>(uid, async session =>
    {
        // Those who blocked the user are among them, so most need not be counted.
        if (_index.ApartFrom(uid) is { Count: >= IBlockRepository.Most }
            && await session.FindAsync<int>("SELECT COUNT(*) FROM blocks WHERE uid = @uid AND bid <> @other", new { uid, other })
            .ConfigureAwait(false) >= IBlockRepository.Most)
        {
            return IBlockRepository.TooMany;
        }

        var block = new { Uid = uid, Bid = other, Since = now };
        if (await session.ExecuteAsync(_insert, block).ConfigureAwait(false) == 0)
            return default;
        await FriendRepository.EndByBlockAsync(session, uid, other, now).ConfigureAwait(false);
        Show(session, uid, other, isBlocked: true);
        return default;
    });

    public ValueTask UnblockAsync(long uid, long other, long now) => _records.RunAsync(uid, async session =>
    {
        var removed = await session.ExecuteAsync("DELETE FROM blocks WHERE uid = @uid AND bid = @other", new { uid, other })
            .ConfigureAwait(false);
        if (removed == 0)
            return;
        // The other's host may have let a like pass in the moment before it heard of the block. What came of it is over, too: unblocking
        // makes nobody friends.
        await FriendRepository.EndAsync(session, uid, other, now).ConfigureAwait(false);
        Show(session, uid, other, isBlocked: false);
    });

    private void Show(RecordSession session, long uid, long other, bool isBlocked)
    {
        _mirror.Change(session, (uid, other), () => _index.Put(uid, other, isBlocked));
        session.Tell(HostEventKind.BlockChanged, uid, other);
    }

    private async Task<Action> ReadBlockAsync((long Uid, long Bid) pair)
    {
        var isBlocked = await _records.ReadAsync(pair.Uid, connection => connection.ExecuteScalarAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM blocks WHERE uid = @Uid AND bid = @Bid)", new { pair.Uid, pair.Bid })).ConfigureAwait(false);
        return () => _index.Put(pair.Uid, pair.Bid, isBlocked);
    }
}
