using System.Diagnostics;
using Spectre.Console;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Local.Hosts;
using Swiper.Local.Robots;

namespace Swiper.Tools.Demo;

/// <summary>Robots of one town log in, draw decks, swipe and match on a private host.</summary>
internal sealed class SwipingDemo(IAnsiConsole console, int robots, TimeSpan length)
{
    private const int TopSize = 10;

    // With this many pairs some are certain to match; with fewer there may be none.
    private const int PairsWithAMatch = 100;

    private static readonly TimeSpan PushPatience = TimeSpan.FromSeconds(30);

    /// <summary>True if replies and pushes agree without errors, and there were matches (unless there are very few robots).</summary>
    public async Task<bool> RunAsync(ChildHost host, CancellationToken cancellation)
    {
        // :: Step 1: they sign in
        var start = Stopwatch.GetTimestamp();
        var tally = new Tally();
        await using var people = await People.SignInAsync(Newcomers(), host.EndPoint, new SmsOutbox(host.Data), tally, cancellation);
        var (women, men) = (people.Of(Sex.Female).Count(), people.Of(Sex.Male).Count());
        console.MarkupLineInterpolated(
            $"{women} women and {men} men have signed in [grey]by code, in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s[/]");

        // :: Step 2: they swipe
        var evening = new Evening(length, cancellation);
        Robot[] crowd =
            [.. people.All.Select((person, seed) => new Robot(person, evening, person.Sex == Sex.Female ? men : women, seed))];
        var swiping = Task.WhenAll(crowd.Select(robot => robot.SpendAsync()));
        await new Progress(console, evening, tally).ShowUntilAsync(swiping);
        await swiping;
        var took = evening.Elapsed;
        var requests = tally.Requests;
        cancellation.ThrowIfCancellationRequested();

        // :: Step 3: what came of it
        var agrees = await tally.AllPushesAsync(PushPatience, cancellation);
        var top = await TopAsync(people.All[0]);
        await Task.WhenAll(crowd.Select(robot => robot.LookBackAsync(tally)));
        new SwipingReport(console, people, tally).Write(top, requests, took, agrees, host);
        return agrees && tally.Errors == 0 && (!tally.Matches.IsEmpty || women * men < PairsWithAMatch);
    }

    private static async Task<IReadOnlyList<BoardPerson>> TopAsync(Person person)
    {
        var top = await person.AskAsync(Opcode.Top, person.Client.TryTopAsync(BoardName.All, TopSize));
        return top.IsOk ? top.Value.People : [];
    }

    // Every other robot is a woman, so that even two can meet.
    private Newcomer[] Newcomers()
    {
        var town = RobotTown.Berlin();
        var now = TimeProvider.System.NowMs();
        return [.. Enumerable.Range(1, robots).Select(number => ToNewcomer(Next(number, number % 2 == 0 ? Sex.Female : Sex.Male)))];

        Core.Accounts.Profile Next(int number, Sex sex)
        {
            while (true)
            {
                var person = town.NextPerson(number, now, WireTime.Day(now));
                if (ToClient(person.Sex) == sex)
                    return person;
            }
        }
    }

    private static Newcomer ToNewcomer(Core.Accounts.Profile robot) => new(robot.Phone, new ProfileChange
    {
        Nickname = robot.Nickname,
        Sex = ToClient(robot.Sex),
        Birthday = robot.Birthday,
        Location = robot.Location,
        Lat = robot.Place!.Value.Lat,
        Lon = robot.Place!.Value.Lon,
        Avatars = robot.Avatars,
        DatingSex = ToClient(robot.DatingSex),
        MinDistance = robot.MinDistance,
        MaxDistance = robot.MaxDistance,
    });

    // Robots are users as the server has them.
    private static Sex ToClient(Core.Accounts.Sex sex) => sex == Core.Accounts.Sex.Female ? Sex.Female : Sex.Male;
}
