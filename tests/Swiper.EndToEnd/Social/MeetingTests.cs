using Swiper.Client;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Social;

public sealed class MeetingTests
{
    [Fact]
    public async Task No_frame_of_the_server_is_larger_than_a_client_need_take_however_long_the_profiles_are()
    {
        const int People = 50;
        const int MaxFrame = 65_536;
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        var avatars = Enumerable.Range(0, Core.Accounts.Profile.MaxAvatars)
            .Select(number => $"https://example.com/{number}/".PadRight(512, 'x')).ToArray();
        var change = new ProfileChange
        {
            Sex = Sex.Male, Birthday = new DateOnly(2000, 1, 1), Nickname = new string('n', 64), Location = new string('l', 64),
            Avatars = avatars,
        };
        var uids = new List<long>();
        for (var person = 0; person < People; person++)
        {
            await using var client = await host.ConnectAsync();
            uids.Add((await host.SignInAsync(client, Outbox.NewPhone())).Uid);
            await client.UpdateProfileAsync(change);
        }

        // One that takes no larger frame loses its connection with the first.
        await using var viewer = await host.ConnectAsync(options => options with { MaxFrame = MaxFrame });
        await host.SignInAsync(viewer, Outbox.NewPhone());
        await viewer.UpdateProfileAsync(change with { Sex = Sex.Female });
        var deck = await viewer.DeckAsync(People);
        var bytes = deck.People.Sum(person => person.Avatars.Sum(avatar => avatar.Length));
        Assert.InRange(bytes, MaxFrame * 3 / 4, MaxFrame);
        Assert.InRange(deck.People.Count, 1, People - 1);

        foreach (var uid in uids)
            await viewer.SwipeAsync(uid, SwipeKind.Like);
        Assert.Equal(People, (await viewer.AroundAsync(uid: uids[0], n: People)).Count);
        Assert.Equal(avatars, (await viewer.ProfileAsync(uids[0])).Avatars);
        await Eventually.HoldsAsync(async () => (await viewer.TopAsync(n: People)).Count == People, "the board to have all of them");
    }

    [Fact]
    public async Task Two_robots_find_each_other_on_the_deck_match_and_rise_on_the_boards()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 40);
        using var host = await TestHost.StartAsync(data);
        await using var ann = await host.ConnectAsync();
        await ann.ResumeAsync(tokens[0]);
        await using var annPushes = new PushInbox(ann);

        var deck = await ann.DeckAsync();
        Assert.NotEmpty(deck.People);
        var me = await ann.ProfileAsync();
        Assert.All(deck.People, person => Assert.Equal(me.DatingSex, person.Sex));
        Assert.All(deck.People, person => Assert.NotEqual(me.Uid, person.Uid));
        Assert.Null(deck.Exclusions);
        Assert.All(deck.People, person => Assert.Null(person.Why));
        var explained = await ann.DeckAsync(why: true);
        Assert.NotNull(explained.Exclusions);
        Assert.All(explained.People, person =>
        {
            var why = person.Why!;
            Assert.Equal(why.Hot + why.Active + why.Near + why.Luck, why.Score);
        });
        var bobsUid = deck.People[0].Uid;

        await using var bob = await SignInAsAsync(host, tokens, bobsUid);
        await using var bobPushes = new PushInbox(bob);

        await Wait.UntilMidnightIsFarAsync();
        var superlike = await ann.SwipeAsync(bobsUid, SwipeKind.Superlike);
        Assert.Equal((false, false), (superlike.Matched, superlike.Repeated));
        var superliked = await bobPushes.NextAsync<SwiperPush.Superliked>();
        Assert.Equal((1L, me.Uid), (superliked.Seq, superliked.Uid));
        var first = (await bob.DeckAsync()).People[0];
        Assert.Equal((me.Uid, true), (first.Uid, first.SuperlikedMe));

        var like = await bob.SwipeAsync(me.Uid, SwipeKind.Like);
        Assert.Equal((true, false), (like.Matched, like.Repeated));
        var (annsMatch, bobsMatch) = (await annPushes.NextAsync<SwiperPush.Matched>(), await bobPushes.NextAsync<SwiperPush.Matched>());
        Assert.Equal((1L, bobsUid), (annsMatch.Seq, annsMatch.Uid));
        Assert.Equal((2L, me.Uid), (bobsMatch.Seq, bobsMatch.Uid));
        Assert.Equal(annsMatch.At, bobsMatch.At);

        Assert.DoesNotContain((await ann.DeckAsync(100)).People, person => person.Uid == bobsUid);
        Assert.DoesNotContain((await bob.DeckAsync(100)).People, person => person.Uid == me.Uid);
        foreach (var board in Enum.GetValues<BoardName>())
        {
            Assert.Equal((1, 7), (await ann.RankOfAsync(board, bobsUid) is var his ? (his.Rank!.Value, his.Score) : default));
            Assert.Equal((2, 5), (await ann.RankOfAsync(board, me.Uid) is var mine ? (mine.Rank!.Value, mine.Score) : default));
            Assert.Equal([bobsUid, me.Uid], (await ann.AroundAsync(board)).Select(person => person.Uid));
        }
        Assert.Equal([bobsUid, me.Uid], (await ann.TopAsync()).Select(person => person.Uid));
    }

    [Fact]
    public async Task A_repeated_swipe_answers_its_first_outcome_also_after_a_kill_and_another_kind_is_refused()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2);
        long ann, bob;
        using (var host = await TestHost.StartAsync(data))
        {
            var clients = await host.SignInAsync(tokens);
            (ann, bob) = (clients[0].Uid!.Value, clients[1].Uid!.Value);
            Assert.False((await clients[0].SwipeAsync(bob, SwipeKind.Like)).Matched);
            Assert.True((await clients[1].SwipeAsync(ann, SwipeKind.Like)).Matched);
            await AssertRepeatsAsync(clients);
            await host.KillAsync();
            await clients.DisposeAllAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        var again = await restarted.SignInAsync(tokens);
        await AssertRepeatsAsync(again);
        await again.DisposeAllAsync();

        async Task AssertRepeatsAsync(SwiperClient[] clients)
        {
            Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await clients[0].SwipeAsync(bob, SwipeKind.Like));
            Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await clients[1].SwipeAsync(ann, SwipeKind.Like));
            Assert.Equal(StatusCode.RepeatSwipe, (await clients[0].TrySwipeAsync(bob, SwipeKind.Dislike)).Failure.Code);
            Assert.Equal(StatusCode.RepeatSwipe, (await clients[1].TrySwipeAsync(ann, SwipeKind.Superlike)).Failure.Code);
            Assert.Equal(5, (await clients[0].RankOfAsync()).Score);
        }
    }

    [Fact]
    public async Task Swipes_of_oneself_and_of_nobody_are_refused_and_those_of_strangers_too()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 1);
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();

        Assert.Equal(StatusCode.LoginRequired, (await client.TrySwipeAsync(1, SwipeKind.Like)).Failure.Code);
        var me = (await client.ResumeAsync(tokens[0])).Uid;
        Assert.Equal(StatusCode.SelfSwipe, (await client.TrySwipeAsync(me, SwipeKind.Like)).Failure.Code);
        Assert.Equal(StatusCode.NoSuchUser, (await client.TrySwipeAsync(me + 1, SwipeKind.Like)).Failure.Code);
        Assert.Equal(StatusCode.BadParams, (await client.TrySwipeAsync(me, (SwipeKind)4)).Failure.Code);
    }

    [Fact]
    public async Task Who_was_away_gets_the_missed_pushes_in_order_also_after_a_kill()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 6);
        long away;
        long[] others;
        using (var host = await TestHost.StartAsync(data))
        {
            var clients = await host.SignInAsync(tokens);
            away = clients[0].Uid!.Value;
            others = [.. clients[1..].Select(client => client.Uid!.Value)];
            await clients[0].DisposeAsync();
            foreach (var client in clients[1..])
                await client.SwipeAsync(away, SwipeKind.Superlike);
            await host.KillAsync();
            await clients[1..].DisposeAllAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var back = await restarted.ConnectAsync();
        await using var pushes = new PushInbox(back);
        await back.ResumeAsync(tokens[0], lastPushSeq: 2);
        for (var seq = 3; seq <= others.Length; seq++)
        {
            var missed = await pushes.NextAsync<SwiperPush.Superliked>();
            Assert.Equal((seq, others[seq - 1]), (missed.Seq, missed.Uid));
        }

        Assert.True((await back.SwipeAsync(others[0], SwipeKind.Like)).Matched);
        var match = await pushes.NextAsync<SwiperPush.Matched>();
        Assert.Equal((others.Length + 1, others[0]), (match.Seq, match.Uid));
    }

    [Fact]
    public async Task Superlikes_whose_pushes_are_no_longer_kept_are_not_told_again_after_a_restart()
    {
        const int Superlikers = IPushRepository.Kept + 20;
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, Superlikers + 1);
        using (var host = await TestHost.StartAsync(data))
        {
            var clients = await host.SignInAsync(tokens);
            foreach (var client in clients[1..])
                await client.SwipeAsync(clients[0].Uid!.Value, SwipeKind.Superlike);
            await host.KillAsync();
            await clients.DisposeAllAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var popular = await restarted.ConnectAsync();
        await using var pushes = new PushInbox(popular);
        var uid = (await popular.ResumeAsync(tokens[0], lastPushSeq: 0)).Uid;
        // In the lane behind whatever the start had to mend.
        await popular.UpdateProfileAsync(new ProfileChange { Nickname = "Popular" });

        const int Gone = Superlikers - IPushRepository.Kept;
        Assert.Equal(new SwiperPush.Missed(Gone, 1, Gone), await pushes.NextAsync());
        var seqs = (await pushes.RestAsync()).Select(push => push.Seq);
        Assert.Equal(Enumerable.Range(Gone + 1, IPushRepository.Kept).Select(seq => (long)seq), seqs);
        Assert.Equal(Superlikers, Truth.Read(data).Pushes[uid].Keys[^1]);
    }

    private static async Task<SwiperClient> SignInAsAsync(ChildHost host, string[] tokens, long uid)
    {
        var client = await host.ConnectAsync();
        foreach (var token in tokens)
        {
            if ((await client.ResumeAsync(token)).Uid == uid)
                return client;
        }
        throw new InvalidOperationException($"no robot has the uid {uid}");
    }
}
