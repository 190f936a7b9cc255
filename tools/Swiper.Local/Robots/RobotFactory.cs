using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Local.Services;
using Swiper.Storage;

namespace Swiper.Local.Robots;

/// <summary>Makes people through the engine itself, so that they are what a login would have made.</summary>
internal static class RobotFactory
{
    // Enough for full batches in every lane, little enough to hold in memory.
    private const int InFlight = 4096;

    /// <summary>People for a host that is to be measured and does not run yet; answers a token of each.</summary>
    /// <param name="folder">Of its data.</param>
    /// <param name="cluster">What it will run on; null for the embedded engine.</param>
    public static async Task<IReadOnlyList<string>> FillAsync(ScratchFolder folder, ClusterSettings? cluster, int count,
        CancellationToken cancellation)
    {
        if (count == 0)
            return [];
        // Whoever is made here is not asked for again.
        string[] settings =
        [
            .. cluster?.Options ?? ["Storage:Engine=embedded"], $"Storage:Data={folder.Path}", "Storage:CachedProfiles=100",
            ClusterSettings.LongDeadline,
        ];
        await using var store = folder.Open(_ => RobotStore.Compose(settings, heedEnvironment: false));
        var engine = folder.Open(_ => store.GetRequiredService<IStorageEngine>());
        await engine.StartAsync(cancellation);
        var issuer = store.GetRequiredService<ITokens>();
        // The first token has the keys of all looked for, in a folder that is made where there is none.
        return await MakeAsync(engine, count, RobotTown.Berlin(), cancellation)
            .Select(uid => folder.Open(_ => issuer.Issue(uid, out var _))).ToListAsync(cancellation);
    }

    /// <summary>Makes people and tells the uid of each.</summary>
    /// <param name="engine">Has started.</param>
    /// <param name="town">What they are like.</param>
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
                // Not made is who has the number of a robot of another day: somebody else takes the place.
                if (!made[index])
                    continue;
                yield return person.Uid;
                left--;
            }
        }
    }
}
