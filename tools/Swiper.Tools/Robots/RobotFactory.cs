using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host;
using Swiper.Host.Options;
using Swiper.Storage.Embedded;

namespace Swiper.Tools.Robots;

/// <summary>Writes people into a data folder through the engine itself, so that they are what a login would have made.</summary>
internal static class RobotFactory
{
    // Enough for full batches in every lane, little enough to hold in memory.
    private const int InFlight = 4096;

    public static async Task MakeAsync(string folder, int shards, int count, RobotTown town, TextWriter tokens)
    {
        var clock = TimeProvider.System;
        using var storage = new EmbeddedStorage(
            new EmbeddedOptions(folder, shards, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), clock, NullLogger<EmbeddedStorage>.Instance);
        storage.Start();
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock)
            .AddTokens(new SwiperOptions { Storage = new StorageOptions { Data = folder } })
            .BuildServiceProvider();
        var issuer = services.GetRequiredService<ITokens>();

        var now = clock.NowMs();
        var today = WireTime.Day(now);
        foreach (var people in Enumerable.Range(0, count).Chunk(InFlight))
        {
            var made = people.Select(_ => town.NextPerson(storage.NewUid(), now, today)).ToArray();
            await Task.WhenAll(made.Select(person => storage.CreateUserAsync(person).AsTask()));
            foreach (var person in made)
                await tokens.WriteLineAsync(issuer.Issue(person.Uid, out var _));
        }
    }
}
