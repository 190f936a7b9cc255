using System.Diagnostics;
using System.Globalization;
using Swiper.Core.Protocol;

namespace Swiper.EndToEnd.Histories;

/// <summary>Groups of people, each of whom has to do only with the others of the group.</summary>
/// <param name="history">What they do and see.</param>
/// <param name="stage">Where.</param>
internal sealed class Company(History history, IStage stage)
{
    public const int GroupSize = 3;

    private const int Deeds = 20;

    // What everybody does, each as often as it stands here.
    private static readonly Deed[] Common =
    [
        .. Enumerable.Repeat(Deed.Like, 12), .. Enumerable.Repeat(Deed.Friend, 6), .. Enumerable.Repeat(Deed.LikedMe, 6), Deed.Deck,
        Deed.Deck, Deed.UndoLeft,
    ];

    private static readonly Deed[] Rewinds = [.. Enumerable.Repeat(Deed.Rewind, 4)];

    private static readonly Deed[] Ends =
        [Deed.Unfriend, Deed.Unfriend, Deed.Block, Deed.Block, Deed.Unblock, Deed.Unblock, Deed.Unblock, Deed.Unblock];

    // Groups take turns: what rewinds and ends of friendships lead to is told apart best where there are only some of them.
    private static readonly Deed[][] Repertoires = [[.. Common, .. Rewinds], [.. Common, .. Ends], [.. Common, .. Rewinds, .. Ends]];

    private readonly List<Person[]> _groups = [];

    // What the shards say in the end, for whoever has to explain a history.
    private IReadOnlyList<long[]> _friends = [];
    private IReadOnlyList<long[]> _pushes = [];

    /// <summary>Puts something between everybody and the servers.</summary>
    public Func<IServer, IServer> Plant { get; init; } = static server => server;

    /// <summary>New people, in groups, do random things until each has done enough.</summary>
    public async Task PlayAsync(IReadOnlyList<(long Uid, string Token)> people, int seed)
    {
        var groups = people.Select(person => new Person(history, stage, Plant, person.Token) { Uid = person.Uid })
            .Chunk(GroupSize).Where(group => group.Length == GroupSize).ToArray();
        _groups.AddRange(groups);
        await Task.WhenAll(groups.SelectMany((group, index) => group.Select((person, place) => person.PlayAsync(
            [.. group.Where(other => other != person).Select(other => other.Uid)], Repertoires[index % Repertoires.Length], Deeds,
            SeededRandom.Mix(seed, index, place)))));
    }

    /// <summary>All blocks end, all that was begun comes to its end, and then everybody looks at everything.</summary>
    /// <param name="atRestAsync">Waits until all that was begun has ended.</param>
    /// <param name="queryAsync">Asks all shards for rows, all of whose columns are numbers.</param>
    public async Task EndAsync(Func<Task> atRestAsync, Func<string, Task<IReadOnlyList<long[]>>> queryAsync)
    {
        var blocks = history.All.Where(recorded => recorded.Call.Deed == Deed.Block).Select(recorded => recorded.Call).Distinct()
            .ToLookup(call => call.Uid, call => call.Other);
        var people = _groups.SelectMany(group => group.Select(person => (Person: person, Others: group.Where(other => other != person)
            .Select(other => other.Uid).ToArray()))).ToArray();
        // A block that was not answered may come about until all is at rest.
        await atRestAsync();
        await Task.WhenAll(people.Select(one =>
            one.Person.AskAsync(blocks[one.Person.Uid].Select(other => new Call(Deed.Unblock, one.Person.Uid, other)))));
        await atRestAsync();
        foreach (var (person, others) in people)
        {
            foreach (var other in others.Where(other => other > person.Uid))
                history.Observe(new Call(Deed.Quiet, person.Uid, other), new Answer(StatusCode.Ok));
        }

        await Task.WhenAll(people.Select(one => one.Person.AskAsync(
        [
            .. one.Others.Select(other => new Call(Deed.Friend, one.Person.Uid, other)),
            new Call(Deed.LikedMe, one.Person.Uid), new Call(Deed.Deck, one.Person.Uid), new Call(Deed.UndoLeft, one.Person.Uid),
            new Call(Deed.Pushes, one.Person.Uid),
        ])));
        var swiped = (await queryAsync("SELECT uid, sid, kind FROM swiped")).ToDictionary(row => (row[0], row[1]), row => (Deed)row[2]);
        _friends = await queryAsync("SELECT uid, fid, since, completer, ended FROM friends");
        _pushes = await queryAsync("SELECT uid, subject, seq, op, at FROM pushes");
        var friends = _friends.Where(row => row[4] == 0).Select(row => (row[0], row[1])).ToHashSet();
        foreach (var (person, others) in people)
        {
            foreach (var other in others)
            {
                history.Observe(new Call(Deed.Stored, person.Uid, other), new Answer(StatusCode.Ok)
                {
                    Kind = swiped.GetValueOrDefault((person.Uid, other)),
                    People = friends.Contains((person.Uid, other)) ? new HashSet<long> { other } : [],
                });
            }
        }
    }

    /// <summary>Fails with all that can't be explained.</summary>
    public void Verify()
    {
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{history.Count} operations of {_groups.Count} groups, {history.Unanswered} without a reply");
        var begun = Stopwatch.GetTimestamp();
        var problems = history.Problems();
        TestContext.Current.TestOutputHelper!.WriteLine($"checked in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.True(
            problems.Count == 0,
            $"{problems.Count} histories are impossible. {string.Join("\n\n", problems.Take(3).Select(WithRows))}");
    }

    private string WithRows(string problem)
    {
        return string.Join("\n",
        [
            problem, "friends (uid, fid, since, completer, ended):", .. About(_friends),
            "pushes (uid, subject, seq, opcode, at):", .. About(_pushes),
        ]);

        IEnumerable<string> About(IReadOnlyList<long[]> rows) =>
            rows.Where(row => Names(row[0]) && Names(row[1])).Select(row => string.Join(' ', row));

        bool Names(long uid) => problem.Contains(uid.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
