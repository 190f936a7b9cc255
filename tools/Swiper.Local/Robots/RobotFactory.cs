using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage;

namespace Swiper.Local.Robots;

/// <summary>Makes people through the engine itself, so that they are what a login would have made.</summary>
internal static class RobotFactory
{
    // Enough for full batches in every lane, little enough to hold in memory.
    private const int InFlight = 4096;

    /// <param name="engine">Has started.</param>
    /// <param name="issuer">Of the tokens.</param>
    /// <param name="count">How many people.</param>
    /// <param name="town">What they are like.</param>
    /// <param name="tokens">Gets a token of each, one a line.</param>
    public static async Task MakeAsync(IStorageEngine engine, ITokens issuer, int count, RobotTown town, TextWriter tokens)
    {
        var now = TimeProvider.System.NowMs();
        var today = WireTime.Day(now);
        for (var left = count; left > 0;)
        {
            var people = Enumerable.Range(0, Math.Min(left, InFlight)).Select(_ => town.NextPerson(engine.NewUid(), now, today)).ToArray();
            var made = await Task.WhenAll(people.Select(person => engine.CreateUserAsync(person).AsTask()));
            foreach (var (index, person) in people.Index())
            {
                // Not made is who has the number of a robot of another day: somebody else takes the place.
                if (!made[index])
                    continue;
                await tokens.WriteLineAsync(issuer.Issue(person.Uid, out var _));
                left--;
            }
        }
    }
}
