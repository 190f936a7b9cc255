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
internal sealed class BlockRepository : IBlockRepository
{
    private readonly IRecords _records;
    private readonly BlockIndex _index;

    public BlockRepository(IRecords records, BlockIndex index)
    {
        (_records, _index) = (records, index);
        records.Hear(HostEventKind.BlockChanged, happened => _ = RefreshAsync(happened.Uid, happened.Subject));
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
        await FriendRepository.EndAsync(session, uid, other, now).ConfigureAwait(false);
        Show(session, uid, other, isBlocked: true);
    });

    public ValueTask UnblockAsync(long uid, long other) => _records.RunAsync(uid, async session =>
    {
        var removed = await session.ExecuteAsync("DELETE FROM blocks WHERE uid = @uid AND bid = @other", new { uid, other })
            .ConfigureAwait(false);
        if (removed > 0)
            Show(session, uid, other, isBlocked: false);
    });

    private void Show(RecordSession session, long uid, long other, bool isBlocked)
    {
        session.OnCommitted(() => _index.Put(uid, other, isBlocked));
        session.Tell(HostEventKind.BlockChanged, uid, other);
    }

    // Events may come twice and late, so what counts is what the shard says now.
    private async Task RefreshAsync(long uid, long other)
    {
        bool isBlocked;
        try
        {
            isBlocked = await _records.ReadAsync(uid, connection => connection.ExecuteScalarAsync<bool>(
                "SELECT EXISTS (SELECT 1 FROM blocks WHERE uid = @uid AND bid = @other)", new { uid, other })).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // Rather keep two apart for no reason than bring them together against somebody's will.
            isBlocked = true;
        }

        _index.Put(uid, other, isBlocked);
    }
}
