using Dapper;
using Microsoft.Extensions.Logging;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Nodes;

/// <summary>
/// Leases a node number for this host in the first shard's `nodes`: claimed at start, renewed three times per lease, and replaced by a new
/// claim if another host took it over because this one was silent for too long. While the first shard is down nobody can claim a number,
/// so lanes keep writing (`lanes` fences them, shard by shard).
/// </summary>
/// <remarks>
/// `nodes.until` is the later of the server's clock and the holder's, so that the next holder's ids are newer than all of the last one's.
/// Whether a host lives says `ends`, by the server's clock alone: a host that is killed while its clock is ahead must not count as living
/// until that time has come. A host of the previous release, which knows nothing of it, leaves it as it was written with another `until`.
/// </remarks>
internal sealed class NodeLease : IDisposable
{
    private const string ServerNow = "CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)";

    private const string Lives = $"IF(ends_with = until, ends, until) >= {ServerNow}";

    // Said every two seconds. Far less than what a host that alone does not reach Redis has to wait: of one that was killed, or of an
    // outage that it has not noticed yet, nothing may be left by then.
    private static readonly TimeSpan RedisWordStands = TimeSpan.FromSeconds(4);

    private readonly ShardServer _firstShard;
    private readonly ShardConnection _connection;
    private readonly TimeSpan _length;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private NodeClaim? _claim;
    private long _renewedAt;

    public NodeLease(ShardServer firstShard, TimeSpan length, TimeProvider clock, ILogger logger)
    {
        _firstShard = firstShard;
        _connection = firstShard.Connect();
        _length = length;
        _clock = clock;
        _logger = logger;
        _thread = new Thread(Keep) { Name = "node lease", IsBackground = true };
    }

    /// <summary>Identifies this process, whatever number it has.</summary>
    public byte[] Owner { get; } = Guid.NewGuid().ToByteArray();

    /// <summary>How long a number that can't be renewed is kept.</summary>
    public TimeSpan Length => _length;

    /// <summary>The current node number, or the last one.</summary>
    public NodeClaim Claim => Volatile.Read(ref _claim) ?? throw new InvalidOperationException("No node number has been claimed yet.");

    public bool IsClaimed => Volatile.Read(ref _claim) is not null;

    /// <summary>The lease has not expired: nobody else can have the number.</summary>
    public bool IsHeld => _clock.GetElapsedTime(Volatile.Read(ref _renewedAt)) < _length;

    /// <summary>How long ago the number was renewed; three times in a <see cref="Length"/> if all is well.</summary>
    public TimeSpan RenewedAgo => _clock.GetElapsedTime(Volatile.Read(ref _renewedAt));

    /// <summary>Claims a number and keeps renewing it.</summary>
    /// <exception cref="StoreUnavailableException">The first shard can't be reached, or all numbers are taken.</exception>
    public void Start()
    {
        _firstShard.Run(_connection, ClaimNumber);
        _thread.Start();
    }

    /// <summary>The hosts that hold a node number.</summary>
    public static async Task<HashSet<Guid>> ReadOwnersAsync(ShardServer firstShard) =>
        [.. (await ReadHoldersAsync(firstShard).ConfigureAwait(false)).Select(holder => holder.Owner)];

    /// <summary>The same, each with its number, and whether it has said lately that it reaches Redis.</summary>
    public static async Task<IReadOnlyList<NodeHolder>> ReadHoldersAsync(ShardServer firstShard)
    {
        var holders = await firstShard.QueryAsync(0, static (connection, _) =>
            connection.QueryAsync<(byte[] Owner, int Node, long SaidAgo)>(
                $"SELECT owner, node, {ServerNow} - redis_at FROM nodes WHERE {Lives}")).ConfigureAwait(false);
        // A host that has just changed its number may hold two.
        return
        [
            .. holders.DistinctBy(row => new Guid(row.Owner))
                .Select(row => new NodeHolder(new Guid(row.Owner), row.Node, row.SaidAgo <= RedisWordStands.TotalMilliseconds)),
        ];
    }

    /// <summary>A holder says that it reaches Redis.</summary>
    public static async Task SayReachesRedisAsync(ShardServer firstShard, NodeHolder holder) =>
        await firstShard.QueryAsync(holder, static (connection, holder) => connection.ExecuteAsync(
            $"UPDATE nodes SET redis_at = {ServerNow} WHERE node = @Node AND owner = @Owner",
            new { holder.Node, Owner = holder.Owner.ToByteArray() })).ConfigureAwait(false);

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        if (_thread.IsAlive)
            _thread.Join();
        Release();
        _connection.Dispose();
        _stopping.Dispose();
    }

    private void Keep()
    {
        while (true)
        {
            Task.Delay(_length / 3, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing)
                .GetAwaiter().GetResult();
            if (_stopping.IsCancellationRequested)
                return;
            try
            {
                _firstShard.Run(_connection, Renew);
            }
            catch (Exception exception)
            {
                // Whatever the exception, this thread must keep running.
                NodeLog.NotRenewed(_logger, Claim.Node, exception);
            }
        }
    }

    private void Renew()
    {
        if (TryRenew(_length))
            return;
        NodeLog.Lost(_logger, Claim.Node);
        ClaimNumber();
    }

    private bool TryRenew(TimeSpan length)
    {
        var claim = Claim;
        var asked = _clock.GetTimestamp();
        var renewed = _connection.Execute(
            $"""
            UPDATE nodes SET until = GREATEST({ServerNow}, @p0) + @p1, ends_with = until, ends = {ServerNow} + @p1
            WHERE node = @p2 AND epoch = @p3
            """,
            _clock.NowMs(), (long)length.TotalMilliseconds, claim.Node, claim.Epoch) == 1;
        if (renewed)
            Volatile.Write(ref _renewedAt, asked);
        return renewed;
    }

    private void ClaimNumber()
    {
        var asked = _clock.GetTimestamp();
        _connection.Begin();
        try
        {
            // Locking a row that always exists serializes hosts that start together.
            _connection.Query("SELECT name FROM meta FOR UPDATE", [], static _ => { });
            var now = _connection.ScalarInt64($"SELECT {ServerNow}") ?? 0;
            var claim = ChooseFree(now);
            var length = (long)_length.TotalMilliseconds;
            _connection.Execute(
                """
                INSERT INTO nodes (node, owner, epoch, until, ends_with, ends) VALUES (@p0, @p1, @p2, @p3, @p3, @p4)
                ON DUPLICATE KEY UPDATE owner = @p1, epoch = @p2, until = @p3, ends_with = @p3, ends = @p4
                """,
                claim.Node, Owner, claim.Epoch, Math.Max(now, _clock.NowMs()) + length, now + length);
            _connection.Commit();

            Volatile.Write(ref _renewedAt, asked);
            Volatile.Write(ref _claim, claim);
            NodeLog.Claimed(_logger, claim.Node, claim.Epoch);
        }
        catch
        {
            _connection.Rollback();
            throw;
        }
    }

    private NodeClaim ChooseFree(long now)
    {
        var taken = new HashSet<int>();
        NodeClaim? free = null;
        _connection.Query("SELECT node, epoch, until FROM nodes ORDER BY node", [], row =>
        {
            var (node, epoch, until) = (row.GetInt32(0), row.GetInt64(1), row.GetInt64(2));
            taken.Add(node);
            if (until < now && free is null)
                free = new NodeClaim(node, epoch + 1, until);
        });
        if (free is not null)
            return free;
        var unused = Enumerable.Range(0, BatchIds.MaxNode + 1).Where(node => !taken.Contains(node)).Take(1).ToArray();
        return unused is [var first]
            ? new NodeClaim(first, Epoch: 1, NotBeforeMs: 0)
            : throw new StoreUnavailableException("All node numbers are taken.");
    }

    // Free for the next host at once; its ids are still newer than all of this one's.
    private void Release()
    {
        if (_claim is null || !IsHeld)
            return;
        try
        {
            TryRenew(TimeSpan.Zero);
        }
        catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
        {
            // The lease expires anyway.
        }
    }
}

/// <summary>A host that holds a node number.</summary>
/// <param name="Owner">Identifies the process.</param>
/// <param name="Node">The number.</param>
/// <param name="ReachesRedis">Whether it has said lately that all of Redis answers it and its heartbeat comes back.</param>
internal readonly record struct NodeHolder(Guid Owner, int Node, bool ReachesRedis);
