using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Host;
using Swiper.Host.Options;
using Swiper.Storage;

namespace Swiper.Tools.Robots;

/// <summary>Makes people through the engine itself, so that they are what a login would have made.</summary>
internal static class RobotFactory
{
    // Enough for full batches in every lane, little enough to hold in memory.
    private const int InFlight = 4096;

    /// <param name="engine">Has started.</param>
    /// <param name="folder">Has the keys of the tokens.</param>
    /// <param name="count">How many people.</param>
    /// <param name="town">What they are like.</param>
    /// <param name="tokens">Gets a token of each, one a line.</param>
    public static async Task MakeAsync(IStorageEngine engine, string folder, int count, RobotTown town, TextWriter tokens)
    {
        var clock = TimeProvider.System;
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
            var made = people.Select(_ => town.NextPerson(engine.NewUid(), now, today)).ToArray();
            await Task.WhenAll(made.Select(person => engine.CreateUserAsync(person).AsTask()));
            foreach (var person in made)
                await tokens.WriteLineAsync(issuer.Issue(person.Uid, out var _));
        }
    }
}
