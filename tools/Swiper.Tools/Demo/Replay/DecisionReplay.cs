using System.Diagnostics;
using Spectre.Console;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Local.Hosts;

namespace Swiper.Tools.Demo.Replay;

/// <summary>Replays decisions in file order, each person on a separate connection, and compares the matches.</summary>
internal sealed class DecisionReplay(IAnsiConsole console, IReadOnlyList<Decision> decisions)
{
    private const int InFlight = 256;
    private static readonly TimeSpan PushPatience = TimeSpan.FromSeconds(30);

    /// <summary>True if every pair's outcome equals the file's.</summary>
    public async Task<bool> RunAsync(ChildHost host, CancellationToken cancellation)
    {
        // :: Step 1: everyone signs in
        var tally = new Tally();
        var rows = decisions.DistinctBy(decision => decision.Uid).ToArray();
        await using var people = await People.SignInAsync(
            [.. rows.Select(ToNewcomer)], host.EndPoint, new SmsOutbox(host.Data), tally, cancellation);
        var byNumber = rows.Zip(people.All).ToDictionary(pair => pair.First.Uid, pair => pair.Second);
        console.WriteLine($"{byNumber.Count:N0} people have signed in");

        // :: Step 2: they decide
        var start = Stopwatch.GetTimestamp();
        var saidMatched = await PlayAsync(byNumber, cancellation);
        var took = Stopwatch.GetElapsedTime(start);

        // :: Step 3: all pushes arrive
        await tally.AllPushesAsync(PushPatience, cancellation);
        await Task.WhenAll(people.All.Select(person => person.AskAsync(Opcode.Ping, person.Client.TryPingAsync())));

        var meetings = Meeting.Compare(decisions, saidMatched, byNumber);
        new ReplayReport(console).Write(decisions, byNumber.Count, meetings, tally, took);
        return tally.Errors == 0 && meetings.All(meeting => meeting.IsEqual);
    }

    // Requests are sent in file order, and those of one person also take effect in it. Matches are symmetric, so no other order matters.
    private async Task<ILookup<(int, int), Decision>> PlayAsync(Dictionary<int, Person> people, CancellationToken cancellation)
    {
        var matched = new List<Decision>();
        var answers = new Queue<(Decision Decision, Task<bool> Matched)>();
        foreach (var decision in decisions)
        {
            cancellation.ThrowIfCancellationRequested();
            if (answers.Count == InFlight)
                await NoteFirstAsync();
            var kind = decision.IsYes ? SwipeKind.Like : SwipeKind.Dislike;
            answers.Enqueue((decision, people[decision.Uid].SwipeAsync(people[decision.Partner].Uid, kind)));
        }
        while (answers.Count > 0)
            await NoteFirstAsync();
        return matched.ToLookup(decision => decision.Pair);

        async Task NoteFirstAsync()
        {
            var (decision, answer) = answers.Dequeue();
            if (await answer)
                matched.Add(decision);
        }
    }

    private static Newcomer ToNewcomer(Decision row) => new(Newcomer.PhoneNumber(row.Uid), new ProfileChange
    {
        Nickname = $"No. {row.Uid}",
        Sex = row.Sex,
        DatingSex = row.Sex == Sex.Female ? Sex.Male : Sex.Female,
        // Their birthday was yesterday, so that they have that age in any time zone.
        Birthday = row.Age is { } age ? WireTime.Day(TimeProvider.System.NowMs()).AddYears(-age).AddDays(-1) : null,
    });
}
