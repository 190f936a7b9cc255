using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Local.Services;
using Swiper.Storage;

namespace Swiper.Local.Robots;

/// <summary>Creates users through the engine itself, so that they equal those created by a login.</summary>
internal static class RobotFactory
{
    // Enough for full batches in every lane, and few enough to hold in memory.
    private const int InFlight = 4096;

    /// <summary>Creates users for a host that is not running yet; returns a token for each.</summary>
    /// <param name="folder">The host's data folder.</param>
    /// <param name="cluster">The databases it will run on; null for the embedded engine.</param>
    public static async Task<string[]> FillAsync(ScratchFolder folder, ClusterSettings? cluster, int count,
        CancellationToken cancellation)
    {
        if (count == 0)
            return [];
        // Created users are not read again, so a small cache is enough.
        string[] settings =
        [
            .. cluster?.Options ?? ["Storage:Engine=embedded"], $"Storage:Data={folder.Path}", "Storage:CachedProfiles=100",
            ClusterSettings.LongDeadline,
        ];
        await using var store = folder.Open(_ => RobotStore.Compose(settings, heedEnvironment: false));
        var engine = folder.Open(_ => store.GetRequiredService<IStorageEngine>());
        await engine.StartAsync(cancellation);
        var issuer = store.GetRequiredService<ITokens>();
        // Issuing the first token loads the signing keys, and creates them in the folder if there are none.
        return await MakeAsync(engine, count, RobotTown.Berlin(), cancellation)
            .Select(uid => folder.Open(_ => issuer.Issue(uid, out var _))).ToArrayAsync(cancellation);
    }

    /// <summary>Creates users and returns their uids.</summary>
    /// <param name="engine">A started engine.</param>
    /// <param name="town">Generates their profiles.</param>
    public static async IAsyncEnumerable<long> MakeAsync(
        IStorageEngine engine, int count, RobotTown town, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var now = TimeProvider.System.NowMs();
        var today = WireTime.Day(now);
        for (var left = count; left > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            var people = Enumerable.Range(0, Math.Min(left, InFlight)).Select(_ => town.NextPerson(engine.NewUid(), now, today)).ToArray();
            var made = await Task.WhenAll(people.Select(person => engine.CreateUserAsync(person).AsTask()));
            foreach (var (index, person) in people.Index())
            {
                // A phone number may belong to a robot created earlier; such a robot is skipped and replaced by another.
                if (!made[index])
                    continue;
                yield return person.Uid;
                left--;
            }
        }
    }
}
