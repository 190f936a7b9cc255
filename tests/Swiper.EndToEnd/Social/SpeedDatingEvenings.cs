using System.Globalization;
using Swiper.Client;
using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Social;

/// <summary>Evenings of people who meet: what they decided goes in, whom they matched must come out, whatever engine it is.</summary>
internal sealed class SpeedDatingEvenings
{
    private const int AtOnce = 64;

    private readonly Date[] _dates;
    private readonly int[] _people;

    public SpeedDatingEvenings(string file)
    {
        _dates = [.. File.ReadLines(file).Skip(1).Select(Date.Read)];
        _people = [.. _dates.Select(date => date.Person).Distinct()];
        Assert.Equal(_dates.Length, _dates.Select(date => (date.Person, date.Partner)).Distinct().Count());
    }

    /// <summary>The invented ones of the repository, and real ones where they stand beside it.</summary>
    public static TheoryData<string> Files =>
    [
        SharedFiles.InRepository("samples", "decisions.csv"), .. SharedFiles.Find("data/speed-dating.csv") is { } real
            ? (string[])[real]
            : [],
    ];

    public int People => _people.Length;

    /// <summary>Each of the clients decides as one of the people did; they are closed afterwards.</summary>
    public async Task PlayAsync(IReadOnlyList<SwiperClient> robots)
    {
        var clients = _people.Zip(robots).ToDictionary(pair => pair.First, pair => pair.Second);
        var persons = _people.Zip(robots).ToDictionary(pair => pair.Second.Uid!.Value, pair => pair.First);

        var replied = new HashSet<(int, int)>();
        foreach (var part in _dates.Chunk(AtOnce))
        {
            var replies = await Task.WhenAll(part.Select(date => clients[date.Person].SwipeAsync(
                clients[date.Partner].Uid!.Value, date.Yes ? SwipeKind.Like : SwipeKind.Dislike).AsTask()));
            foreach (var (date, reply) in part.Zip(replies))
            {
                Assert.False(reply.Repeated);
                if (reply.Matched)
                    Assert.True(replied.Add(Pair(date.Person, date.Partner)));
            }
        }
        var matches = _dates.Where(date => date.Match).ToLookup(date => date.Person, date => date.Partner);
        Assert.True(matches.SelectMany(of => of.Select(partner => Pair(of.Key, partner))).ToHashSet().SetEquals(replied));

        foreach (var (person, client) in clients)
        {
            await using var pushes = new PushInbox(client);
            var told = new List<SwiperPush>();
            while (told.Count < matches[person].Count())
                told.Add(await pushes.NextAsync());
            // A server tells nothing twice: whatever it has told besides is here after an answer.
            await client.PingAsync();
            told.AddRange(await pushes.RestAsync());
            Assert.Equal(matches[person].Order(), told.Select(push => persons[Assert.IsType<SwiperPush.Matched>(push).Uid]).Order());
        }
    }

    private static (int, int) Pair(int a, int b) => a < b ? (a, b) : (b, a);

    private sealed record Date(int Person, int Partner, bool Yes, bool Match)
    {
        // wave,order,uid,gender,age,partner_uid,decision,match
        public static Date Read(string line)
        {
            var fields = line.Split(',');
            return new(Number(fields[2]), Number(fields[5]), fields[6] == "1", fields[7] == "1");
        }

        private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);
    }
}
