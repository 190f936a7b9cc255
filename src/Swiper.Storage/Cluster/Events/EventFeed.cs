using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Reads what happened on other hosts from one shard's `events`, once a second. A row's id is given before it is committed, so that rows may
/// appear behind the last one read: ids that are missing are looked for again for as long as their transaction may take.
/// </summary>
internal sealed class EventFeed(ClusterShard shard, Action<HostEvent> hear) : IDisposable
{
    private const int RowsALook = 5000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stopping = new();
    private readonly Dictionary<long, long> _missing = []; // by id, with when it was first missed
    private Thread? _thread;
    private long _last;

    /// <summary>From now on what happens is heard of; what happened before is in what this host reads at its start.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The shard can't be read.</exception>
    public void Start()
    {
        using (var connection = shard.Server.Connect())
            shard.Server.Run(connection, () => _last = connection.ScalarInt64("SELECT COALESCE(MAX(id), 0) FROM events") ?? 0);
        _thread = new Thread(Keep) { Name = $"events {shard.Number}", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void Keep()
    {
        using var connection = shard.Server.Connect();
        while (!_stopping.Wait(Interval))
        {
            try
            {
                shard.Server.Run(connection, () => Look(connection));
            }
            catch (Exception exception) when (TransientErrors.KindOf(exception) != ShardFailure.None)
            {
                // The shard is down; what happens on it meanwhile is read when it is back.
            }
            catch (Exception exception)
            {
                shard.Engine.Faulted(shard.Number, exception);
            }
        }
    }

    private void Look(ShardConnection connection)
    {
        var now = Environment.TickCount64;
        var own = shard.Engine.Node.Claim.Node;
        connection.Query($"SELECT id, node, kind, uid, subject FROM events WHERE id > @p0 ORDER BY id LIMIT {RowsALook}", [_last], row =>
        {
            var id = row.GetInt64(0);
            for (var missed = _last + 1; missed < id; missed++)
                _missing[missed] = now;
            _last = id;
            if (row.GetInt32(1) != own)
                hear(new HostEvent((HostEventKind)row.GetInt32(2), row.GetInt64(3), row.GetInt64(4)));
        });
        LookForMissing(connection, now, own);
    }

    private void LookForMissing(ShardConnection connection, long now, int own)
    {
        var patience = 2 * (long)shard.Engine.Options.Deadline.TotalMilliseconds;
        foreach (var (id, since) in _missing.ToArray())
        {
            if (since == now)
                continue;
            connection.Query("SELECT node, kind, uid, subject FROM events WHERE id = @p0", [id], row =>
            {
                _missing.Remove(id);
                if (row.GetInt32(0) != own)
                    hear(new HostEvent((HostEventKind)row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)));
            });
            // Rolled back, most likely.
            if (now - since > patience)
                _missing.Remove(id);
        }
    }
}
