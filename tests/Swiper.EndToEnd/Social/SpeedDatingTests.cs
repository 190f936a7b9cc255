using System.Globalization;
using Swiper.Client;
using Swiper.Core.Social;
using Swiper.EndToEnd.Running;
using Swiper.Tests.Shared;

namespace Swiper.EndToEnd.Social;

/// <summary>Real evenings of real people: what they decided goes in, whom they matched must come out.</summary>
public sealed class SpeedDatingTests
{
    [Fact]
    public async Task The_decisions_of_a_speed_dating_experiment_lead_to_its_matches_and_no_others()
    {
        var dates = File.ReadLines(SharedFiles.Find("data/speed-dating.csv")).Skip(1).Select(Date.Read).ToArray();
        var people = dates.Select(date => date.Person).Distinct().ToArray();
        Assert.Equal(dates.Length, dates.Select(date => (date.Person, date.Partner)).Distinct().Count());

        using var data = new TemporaryFolder();
        var tokens = await Robots.MakeAsync(data, people.Length);
        await using var host = await HostProcess.StartAsync(data);
        var robots = await host.SignInAsync(tokens);
        var clients = people.Zip(robots).ToDictionary(pair => pair.First, pair => pair.Second);
        var persons = people.Zip(robots).ToDictionary(pair => pair.Second.Uid!.Value, pair => pair.First);

        var replied = new HashSet<(int, int)>();
        foreach (var date in dates)
        {
            var reply = await clients[date.Person].SwipeAsync(
                clients[date.Partner].Uid!.Value, date.Yes ? SwipeKind.Like : SwipeKind.Dislike);
            Assert.False(reply.Repeated);
            if (reply.Matched)
                Assert.True(replied.Add(Pair(date.Person, date.Partner)));
        }

        var pushed = new HashSet<(int, int)>();
        foreach (var (person, client) in clients)
        {
            await client.PingAsync();
            await using var pushes = new PushInbox(client);
            foreach (var push in await pushes.RestAsync())
                Assert.True(pushed.Add((person, persons[Assert.IsType<SwiperPush.Matched>(push).Uid])), "told twice");
        }

        var matches = dates.Where(date => date.Match).Select(date => (date.Person, date.Partner)).ToHashSet();
        Assert.True(matches.SetEquals(pushed));
        Assert.True(matches.Select(match => Pair(match.Person, match.Partner)).ToHashSet().SetEquals(replied));
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
