using System.Data.Common;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Reads what happened on any host from one shard's `events`, once a second. A row's id is given before it is committed, so that rows may
/// appear behind the last one read: ids that are missing are looked for again for as long as their transaction may take.
/// </summary>
internal sealed class EventFeed(ClusterShard shard, Action<HostEvent> hear) : IDisposable
{
    private const int RowsAQuery = 5000;

    // A wider gap was no transaction's of ours: the server skipped numbers.
    private const int WidestGap = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stopping = new();
    private readonly Dictionary<long, long> _missing = []; // by id, with when it was first missed
    private readonly KeyedSelect _findMissing = new("SELECT id, kind, uid, subject FROM events WHERE id IN", columns: 1);
    private Thread? _thread;
    private long _last;

    /// <summary>How many numbers are looked for that no row has yet.</summary>
    public int Missing => _missing.Count;

    /// <summary>From now on what happens is heard of; what happened before is in what this host reads at its start.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The shard can't be read.</exception>
    public void Start()
    {
        using (var connection = shard.Server.Connect())
            shard.Server.Run(connection, () => Begin(connection));
        _thread = new Thread(Keep) { Name = $"events {shard.Number}", IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    // What has a number already and is committed later is read by nobody but the one who looks for it.
    private void Begin(ShardConnection connection)
    {
        _missing.Clear();
        _last = 0;
        var next = 0L;
        connection.Query($"SELECT id FROM events ORDER BY id DESC LIMIT {WidestGap}", [], row =>
        {
            var id = row.GetInt64(0);
            _last = Math.Max(_last, id);
            if (next != 0)
                Miss(id, next);
            next = id;
        });
        Miss(0, next);
    }

    private void Miss(long after, long before)
    {
        var now = Environment.TickCount64;
        for (var missed = Math.Max(after + 1, before - WidestGap); missed < before; missed++)
            _missing[missed] = now;
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
        LookForMissing(connection);
        int rows;
        do
        {
            rows = 0;
            connection.Query($"SELECT id, kind, uid, subject FROM events WHERE id > @p0 ORDER BY id LIMIT {RowsAQuery}", [_last], row =>
            {
                rows++;
                Miss(_last, row.GetInt64(0));
                _last = row.GetInt64(0);
                Hear(row);
            });
        }
        while (rows == RowsAQuery && !_stopping.IsSet);
    }

    private void LookForMissing(ShardConnection connection)
    {
        if (_missing.Count == 0)
            return;
        var now = Environment.TickCount64;
        var patience = 2 * (long)shard.Engine.Options.Deadline.TotalMilliseconds;
        _findMissing.Clear();
        foreach (var id in _missing.Keys)
            _findMissing.Add(id);
        _findMissing.Execute(connection, row =>
        {
            _missing.Remove(row.GetInt64(0));
            Hear(row);
        });
        foreach (var (id, since) in _missing.ToArray())
        {
            // Rolled back, most likely.
            if (now - since > patience)
                _missing.Remove(id);
        }
    }

    // Of this host's own doings, too: it may not have heard of a commit, and a number may have been another's.
    private void Hear(DbDataReader row) => hear(new HostEvent((HostEventKind)row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)));
}
