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
/// So it is with former friends whom no swipe keeps apart any more, in the shard of the one who has taken back theirs.
/// </summary>
internal sealed class BlockRepository : IBlockRepository, IDisposable
{
    private readonly IRecords _records;
    private readonly BlockIndex _index;
    private readonly BlockIndex _formerFriends;
    private readonly Mirror<(long Uid, long Bid)> _mirror;
    private readonly string _insert;
    private readonly string _insertFormer;

    public BlockRepository(IRecords records, PeopleDirectory people, TimeProvider clock, ILogger logger)
    {
        (_records, _index, _formerFriends) = (records, people.Blocks, people.FormerFriends);
        _insertFormer = records.Sql.InsertIfAbsent("former_friends", "uid", "fid");
        _insert = records.Sql.InsertIfAbsent("blocks", "uid", "bid", "since");
        // Rather keep two apart for no reason than bring them together against somebody's will, until the shard is back.
        _mirror = new(ReadBlockAsync, clock, logger, pair => _index.Put(pair.Uid, pair.Bid, isBlocked: true));
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
            var formerFriends = await _records.ReadAsync(shard, connection =>
                connection.QueryAsync<(long Uid, long Fid)>("SELECT uid, fid FROM former_friends")).ConfigureAwait(false);
            foreach (var (uid, fid) in formerFriends)
                _formerFriends.Put(uid, fid, isBlocked: true);
        }
    });

    /// <summary>The engine has read all blocks into memory itself.</summary>
    public void Loaded() => _ = _mirror.LoadAsync(static () => Task.CompletedTask);

    /// <summary>Gives up on readings of a shard that is away.</summary>
    public void Dispose() => _mirror.Dispose();

    public bool AreBlocked(long uid, long other) => _index.AreBlocked(uid, other);

    public bool AreFormerFriends(long uid, long other) => _formerFriends.AreBlocked(uid, other);

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

    /// <summary>
    /// Keeps former friends apart, within a transaction on the shard of the one whose swipe is gone. Whatever takes away the swipe of one
    /// whose friendship is over calls this, and so does whatever ends the friendship of one whose swipe is gone.
    /// </summary>
    public async Task KeepApartAsync(RecordSession session, long uid, long formerFriend)
    {
        if (await session.ExecuteAsync(_insertFormer, new { Uid = uid, Fid = formerFriend }).ConfigureAwait(false) == 0)
            return;
        _mirror.Change(session, (uid, formerFriend), () => _formerFriends.Put(uid, formerFriend, isBlocked: true));
        session.Tell(HostEventKind.BlockChanged, uid, formerFriend);
    }

    private void Show(RecordSession session, long uid, long other, bool isBlocked)
    {
        _mirror.Change(session, (uid, other), () => _index.Put(uid, other, isBlocked));
        session.Tell(HostEventKind.BlockChanged, uid, other);
    }

    private async Task<Action> ReadBlockAsync((long Uid, long Bid) pair)
    {
        var (blocks, former) = await _records.ReadAsync(pair.Uid, connection => connection.QuerySingleAsync<(long, long)>(
            """
            SELECT (SELECT COUNT(*) FROM blocks WHERE uid = @Uid AND bid = @Bid),
                   (SELECT COUNT(*) FROM former_friends WHERE uid = @Uid AND fid = @Bid)
            """,
            new { pair.Uid, pair.Bid })).ConfigureAwait(false);
        return () =>
        {
            _index.Put(pair.Uid, pair.Bid, isBlocked: blocks > 0);
            _formerFriends.Put(pair.Uid, pair.Bid, isBlocked: former > 0);
        };
    }
}
