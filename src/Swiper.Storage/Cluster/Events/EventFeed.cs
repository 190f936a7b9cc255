using System.Data.Common;
using Swiper.Storage.MySql;

namespace Swiper.Storage.Cluster.Events;

/// <summary>
/// Reads what happened on other hosts from one shard's `events`, once a second. A row's id is given before it is committed, so that rows may
/// appear behind the last one read: ids that are missing are looked for again for as long as their transaction may take.
/// </summary>
internal sealed class EventFeed(ClusterShard shard, Action<HostEvent> hear) : IDisposable
{
    private const int RowsALook = 5000;

    // A gap in the ids is a transaction that has not ended or was rolled back; servers may also leave large ones for reasons of their own.
    private const int MostMissing = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _stopping = new();
    private readonly KeyedSelect _findMissing = new("SELECT id, kind, uid, subject FROM events WHERE id IN", columns: 1);
    private readonly Dictionary<long, long> _missing = []; // by id, with when it was first missed
    private Thread? _thread;
    private long _last;

    /// <summary>From now on what happens is heard of; what happened before is in what this host reads at its start.</summary>
    /// <exception cref="Core.Dispatch.StoreUnavailableException">The shard can't be read.</exception>
    public void Start()
    {
        using (var connection = shard.Server.Connect())
        {
            // A little back: what was committed late may have a smaller id. Hearing of something twice does no harm.
            shard.Server.Run(connection, () => _last = Math.Max(0, (connection.ScalarInt64("SELECT MAX(id) FROM events") ?? 0) - MostMissing));
        }
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
        connection.Query($"SELECT id, kind, uid, subject FROM events WHERE id > @p0 ORDER BY id LIMIT {RowsALook}", [_last], row =>
        {
            for (var missed = Math.Max(_last + 1, row.GetInt64(0) - MostMissing); missed < row.GetInt64(0); missed++)
                _missing[missed] = now;
            _last = row.GetInt64(0);
            Hear(row);
        });
        LookForMissing(connection, now);
    }

    private void LookForMissing(ShardConnection connection, long now)
    {
        var patience = 2 * (long)shard.Engine.Options.Deadline.TotalMilliseconds;
        foreach (var (id, since) in _missing.ToArray())
        {
            if (now - since > patience)
                _missing.Remove(id); // rolled back, most likely
            else if (since != now)
                _findMissing.Add(id);
        }
        if (_findMissing.Count == 0)
            return;
        _findMissing.Execute(connection, row =>
        {
            if (_missing.Remove(row.GetInt64(0)))
                Hear(row);
        });
    }

    // Of this host's own doings, too: it may not have heard of a commit, and a number may have been another's.
    private void Hear(DbDataReader row) => hear(new HostEvent((HostEventKind)row.GetInt32(1), row.GetInt64(2), row.GetInt64(3)));
}
