using System.Globalization;
using Swiper.Core.Dispatch;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>
/// What is wrong with the embedded engine. All of it leaves the host ready: reads go on, and there is no other host to send clients to.
/// </summary>
/// <remarks>Called by one thread at a time.</remarks>
internal sealed class EmbeddedHealth(EmbeddedEngine engine, long lowSpace)
{
    private static readonly TimeSpan FollowUpPatience = TimeSpan.FromMinutes(1);

    // One page may still fit where a swipe doesn't, and prove nothing.
    private const long RoomToProbe = 1 << 20;

    private readonly Task?[] _probes = new Task?[engine.Shards.Length];

    public IEnumerable<HealthReason> Find()
    {
        var free = engine.FreeBytes;
        if (free < lowSpace)
        {
            yield return new HealthReason(
                HealthReasonKind.Disk, "", $"{free} bytes are free where the data folder is, less than {lowSpace}");
        }

        foreach (var shard in engine.Shards)
        {
            if (shard.Failure is { } failure)
            {
                if (free is not < RoomToProbe)
                    Probe(shard);
                yield return new HealthReason(
                    HealthReasonKind.Shard, $"{shard.Number}", $"shard {shard.Number} can't be written: {Explain(failure)}");
            }
            else if (shard.IsHung)
            {
                yield return new HealthReason(HealthReasonKind.Shard, $"{shard.Number}",
                    $"the disk has not taken a write of shard {shard.Number} for {EmbeddedShard.DiskPatience.TotalSeconds} s");
            }
        }

        if (engine.Records.FollowUps.Oldest > FollowUpPatience)
        {
            yield return new HealthReason(HealthReasonKind.FollowUps, "",
                $"{engine.Records.FollowUps.Pending} follow-ups wait, the oldest for more than a minute");
        }
    }

    // A path and SQL are for the log.
    private static string Explain(Exception failure) => failure switch
    {
        SqliteException { IsFull: true } => "the disk is full",
        SqliteException { IsCorrupt: true } => "the file is damaged",
        _ => "event 3004 says why",
    };

    // Nobody may be writing, and only a write shows that it works again.
    private void Probe(EmbeddedShard shard)
    {
        if (_probes[shard.Number] is null or { IsCompleted: true })
            _probes[shard.Number] = ProbeAsync(shard.Number);
    }

    private async Task ProbeAsync(int shard)
    {
        try
        {
            await engine.Records.RunAsync(shard, session => session.ExecuteAsync(
                "INSERT INTO meta (key, value) VALUES ('probed', @At) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                new { At = engine.Clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) })).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // The next look tries again.
        }
    }
}
