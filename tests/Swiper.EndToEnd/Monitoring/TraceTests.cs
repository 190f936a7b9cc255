using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Monitoring;

/// <summary>The traces of hosts, as a collector gets them.</summary>
[Collection<OnServices>]
public sealed class TraceTests(ClusterServices services)
{
    private const int Internal = 1;
    private const int Server = 2;
    private const int ToStore = 3;
    private const int EmbeddedShards = 4;
    private const string AllRequests = "Ops:TracedShare=1";

    [Fact]
    public async Task A_match_of_the_embedded_engine_shows_where_its_time_went_up_to_the_other_users_shard()
    {
        await using var collector = await TraceCollector.StartAsync();
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 20);
        using var host = await TestHost.StartAsync(data, collector.Setting, AllRequests, $"Storage:Shards={EmbeddedShards}");
        var (ann, bob) = await OfTwoShardsAsync(await host.SignInAsync(tokens), static uid => (int)(uid % 1024 % EmbeddedShards));

        Assert.False((await ann.SwipeAsync(bob.Uid!.Value, SwipeKind.Like)).Matched);
        Assert.True((await bob.SwipeAsync(ann.Uid!.Value, SwipeKind.Like)).Matched);
        await bob.UnfriendAsync(ann.Uid.Value);

        var followUp = await collector.FindAsync(
            static span => span.Name == "follow_up" && span.Attributes["swiper.follow_up.kind"] == "Swiped",
            "what followed from the match");
        var match = await ParentOfAsync(collector, followUp);
        AssertRequest(match, "swipe");
        AssertLane(collector, match);
        AssertLane(collector, followUp);
        await AssertUnfriendedAsync(collector);
        AssertDocumented(collector);
    }

    [Fact]
    public async Task A_match_on_two_hosts_shows_where_its_time_went_in_the_shards_and_in_Redis()
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var deployment = await Deployment.CreateAsync(services);
        var tokens = await deployment.MakeRobotsAsync(20);
        var hosts = await deployment.StartHostsAsync(2, collector.Setting, AllRequests);
        var (ann, _) = await OfTwoShardsAsync(await hosts[0].SignInAsync(tokens), Deployment.ShardOf);
        var (_, bob) = await OfTwoShardsAsync(await hosts[1].SignInAsync(tokens), Deployment.ShardOf);

        Assert.False((await ann.SwipeAsync(bob.Uid!.Value, SwipeKind.Like)).Matched);
        Assert.True((await bob.SwipeAsync(ann.Uid!.Value, SwipeKind.Like)).Matched);
        await bob.DeckAsync();
        await bob.UnfriendAsync(ann.Uid.Value);

        var followUp = await collector.FindAsync(
            static span => span.Name == "follow_up" && span.Attributes["swiper.follow_up.kind"] == "Swiped",
            "what followed from the match");
        var match = await ParentOfAsync(collector, followUp);
        AssertRequest(match, "swipe");
        AssertLane(collector, match);
        Assert.Equal(2, collector.Under(followUp, "commit").Count());
        foreach (var part in new[] { "likes_back", "index", "close" })
            Assert.Equal(match.Host, (await collector.FindAsync(span => span.Parent == match.Id && span.Name == part, part)).Host);
        var first = await collector.FindAsync(span => span.Name == "swipe" && span.Id != match.Id, "the first like");
        Assert.NotEqual(first.Host, match.Host);
        Assert.NotEqual(first.Trace, match.Trace);

        var deck = await collector.FindAsync(static span => span.Name == "deck", "the deck");
        await collector.FindAsync(
            script => script.Parent == deck.Id && script.Name == "script" && script.Kind == ToStore
                && script.Attributes["db.system.name"] == "redis" && script.Attributes["db.stored_procedure.name"] == "Deck",
            "the deck's script in Redis");
        await AssertUnfriendedAsync(collector);
        AssertDocumented(collector);
    }

    [Fact]
    public async Task Nothing_in_a_trace_is_of_the_user_and_a_request_that_is_refused_says_so()
    {
        const string Nickname = "Zebediah";
        await using var collector = await TraceCollector.StartAsync();
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, collector.Setting, AllRequests);
        await using var client = await host.ConnectAsync();
        var phone = Outbox.NewPhone();
        await client.RequestCodeAsync(phone);
        var code = host.NewestCode(phone);
        Assert.Equal(StatusCode.BadCode, (await client.TryLogInAsync(phone, Outbox.WrongCode(code))).Failure.Code);
        var login = await client.LogInAsync(phone, code);
        await client.UpdateProfileAsync(new ProfileChange { Nickname = Nickname });
        await client.ProfileAsync();
        Assert.Equal(StatusCode.NoSuchUser, (await client.TrySwipeAsync(login.Uid + 1, SwipeKind.Like)).Failure.Code);

        var refused = await collector.FindAsync(static span => span.Name == "swipe", "the last request");
        Assert.Equal($"{(int)StatusCode.NoSuchUser}", refused.Attributes["rpc.response.status_code"]);
        // What a client did wrong is no error of the server's.
        Assert.False(refused.Failed);
        Assert.Equal(2, collector.Spans.Count(static span => span.Name == "login"));
        string[] ofTheUser = [phone, phone[1..], code, login.Token, Nickname, $"{login.Uid}", $"{login.Uid + 1}"];
        Assert.All(collector.Spans, span =>
        {
            var texts = span.Attributes.SelectMany(static attribute => (string[])[attribute.Key, attribute.Value]).Append(span.Name);
            foreach (var text in texts)
                Assert.DoesNotContain(ofTheUser, text.Contains);
        });
    }

    [Fact]
    public async Task Without_a_share_only_metrics_are_sent()
    {
        await using var collector = await TraceCollector.StartAsync();
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, collector.Setting);
        await using var client = await host.ConnectAsync();
        await client.PingAsync();
        Assert.Equal(0, await host.TerminateAsync());

        // Both leave when the host stops, at the latest.
        Assert.NotEqual(0, collector.Metrics);
        Assert.Empty(collector.Spans);
    }

    // The table of spans in docs/operations.md.
    private static void AssertDocumented(TraceCollector collector)
    {
        var rows = File.ReadAllLines(SharedFiles.InRepository("docs", "operations.md"))
            .SkipWhile(static line => line != "## Traces").TakeWhile(static line => line != "## Alerts")
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('|')).ToDictionary(static cells => cells[1].Trim().Trim('`'), static cells => cells[2]);
        var spans = collector.Spans.Where(static span => span.Kind != Server).ToArray();
        Assert.NotEmpty(spans);
        Assert.All(spans, span => Assert.All(span.Attributes.Keys, attribute => Assert.Contains($"`{attribute}`", rows[span.Name])));
    }

    private static async Task<(SwiperClient First, SwiperClient Second)> OfTwoShardsAsync(SwiperClient[] people, Func<long, int> shardOf)
    {
        var ordered = people.OrderBy(static person => person.Uid!.Value).ToArray();
        var second = ordered.First(person => shardOf(person.Uid!.Value) != shardOf(ordered[0].Uid!.Value));
        foreach (var person in people)
        {
            if (person != ordered[0] && person != second)
                await person.DisposeAsync();
        }
        return (ordered[0], second);
    }

    private static Task<CollectedSpan> ParentOfAsync(TraceCollector collector, CollectedSpan span) =>
        collector.FindAsync(parent => parent.Id == span.Parent, $"the parent of {span.Name}");

    // The first of a trace.
    private static void AssertRequest(CollectedSpan span, string name)
    {
        Assert.Equal((name, "", Server, "Swiper.Host", false), (span.Name, span.Parent, span.Kind, span.Source, span.Failed));
        Assert.Equal(("swiper", name, "0"),
            (span.Attributes["rpc.system.name"], span.Attributes["rpc.method"], span.Attributes["rpc.response.status_code"]));
    }

    // It waited for a batch, which is the first of a trace of its own, linked with all that it was of.
    private static void AssertLane(TraceCollector collector, CollectedSpan span)
    {
        var lane = Assert.Single(collector.Under(span, "lane"));
        var commit = Assert.Single(collector.Under(span, "commit"));
        Assert.Equal((Internal, "Swiper.Storage"), (commit.Kind, commit.Source));
        Assert.InRange(lane.Began, span.Began, commit.Began);
        Assert.InRange(commit.Ended, commit.Began, ulong.MaxValue);
        var batch = Assert.Single(collector.Spans, batch => batch.Id == Assert.Single(commit.Links));
        Assert.Equal(("batch", ""), (batch.Name, batch.Parent));
        Assert.Contains(span.Id, batch.Links);
        Assert.NotEqual("0", batch.Attributes["swiper.batch.size"]);
        Assert.StartsWith("shard ", batch.Attributes["swiper.lane"]);
    }

    // The other user's half ends after the reply, by a row of the outbox.
    private static async Task AssertUnfriendedAsync(TraceCollector collector)
    {
        var ended = await collector.FindAsync(
            static span => span.Attributes.GetValueOrDefault("swiper.follow_up.kind") == "Unfriended", "the end for the other user");
        var unfriend = await ParentOfAsync(collector, ended);
        AssertRequest(unfriend, "unfriend");
        Assert.Equal("0", ended.Attributes["swiper.follow_up.attempts"]);
        Assert.NotEmpty(collector.Under(unfriend, "commit"));
        Assert.NotEmpty(collector.Under(ended, "commit"));
    }
}
