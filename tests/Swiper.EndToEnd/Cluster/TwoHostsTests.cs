using Swiper.Client;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;
using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Social;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Two hosts on one cluster behave as one: whoever is signed in on either can't tell which.</summary>
[Collection<OnServices>]
public sealed class TwoHostsTests(ClusterServices services) : IAsyncLifetime
{
    private Deployment _deployment = null!;
    private ChildHost _one = null!;
    private ChildHost _other = null!;

    public async ValueTask InitializeAsync()
    {
        _deployment = await Deployment.CreateAsync(services);
        var hosts = await _deployment.StartHostsAsync(2);
        (_one, _other) = (hosts[0], hosts[1]);
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Pushes_come_once_and_in_the_order_of_their_seq_on_whichever_host_their_cause_was()
    {
        const int Fans = 40;
        var tokens = await _one.SignUpAsync(Fans + 1);
        await using var here = await _one.ConnectAsync();
        await using var there = await _other.ConnectAsync();
        var popular = (await here.ResumeAsync(tokens[0], lastPushSeq: 0)).Uid;
        await there.ResumeAsync(tokens[0], lastPushSeq: 0);
        SwiperClient[] fans = [.. await _one.SignInAsync(tokens[1..(Fans / 2)]), .. await _other.SignInAsync(tokens[(Fans / 2)..])];

        await Task.WhenAll(fans.Select(fan => fan.SwipeAsync(popular, SwipeKind.Superlike).AsTask()));
        foreach (var (client, index) in fans.Select((fan, index) => (fan, index)))
            Assert.True((await (index % 2 == 0 ? here : there).SwipeAsync(client.Uid!.Value, SwipeKind.Like)).Matched);

        await using var pushesHere = new PushInbox(here);
        await using var pushesThere = new PushInbox(there);
        var told = new List<SwiperPush>();
        for (var seq = 1; seq <= 2 * fans.Length; seq++)
        {
            var push = await pushesHere.NextAsync();
            Assert.Equal((seq, push), (push.Seq, await pushesThere.NextAsync()));
            told.Add(push);
        }
        Assert.Equal(fans.Select(fan => fan.Uid!.Value).Order(), told.OfType<SwiperPush.Superliked>().Select(push => push.Uid).Order());
        Assert.Equal(fans.Select(fan => fan.Uid!.Value), told.OfType<SwiperPush.Matched>().Select(push => push.Uid));
        foreach (var fan in fans)
        {
            await using var pushes = new PushInbox(fan);
            var match = await pushes.NextAsync<SwiperPush.Matched>();
            Assert.Equal((1, popular), (match.Seq, match.Uid));
            Assert.Empty(await pushes.RestAsync());
        }
        Assert.Empty(await pushesHere.RestAsync());
        Assert.Empty(await pushesThere.RestAsync());
    }

    [Fact]
    public async Task Whoever_comes_back_to_either_host_is_told_what_was_missed_before_the_reply()
    {
        const int Fans = 5;
        var tokens = await _one.SignUpAsync(Fans + 1);
        await using var away = await _one.ConnectAsync();
        var first = await away.ResumeAsync(tokens[0]);
        Assert.Equal(0, first.PushSeq);
        await away.DisposeAsync();
        var fans = await _other.SignInAsync(tokens[1..]);
        foreach (var fan in fans)
            await fan.SwipeAsync(first.Uid, SwipeKind.Superlike);

        foreach (var host in new[] { _one, _other })
        {
            await using var connection = await FrameConnection.OpenAsync(host);
            for (var i = 0; i < 50; i++)
            {
                var (before, reply) = await connection.ResumeAsync(tokens[0], first.PushSeq);
                MissedPushesTests.AssertPushes(Opcode.Superliked, 1, Fans, before);
                Assert.Equal(Fans, reply.PushSeq);
            }
            // One that was never reached.
            var (missed, told) = await connection.ResumeAsync(tokens[0], lastPushSeq: 500);
            MissedPushesTests.AssertPushes(Opcode.Missed, Fans, Fans, missed);
            Assert.Equal(Fans, told.PushSeq);
        }

        await using var back = await _one.ConnectAsync();
        await using var pushes = new PushInbox(back);
        await back.ResumeAsync(tokens[0], lastPushSeq: 500);
        Assert.Equal(new SwiperPush.Missed(Fans, 1, Fans), await pushes.NextAsync());
        Assert.True((await back.SwipeAsync(fans[0].Uid!.Value, SwipeKind.Like)).Matched);
        Assert.Equal(Fans + 1, (await pushes.NextAsync<SwiperPush.Matched>()).Seq);
        await fans.DisposeAllAsync();
    }

    [Fact]
    public async Task A_token_revoked_on_one_host_is_refused_by_both_and_the_others_connection_is_told()
    {
        var token = (await _one.SignUpAsync(1))[0];
        await using var here = await _one.ConnectAsync();
        await using var there = await _other.ConnectAsync();
        await here.ResumeAsync(token);
        await there.ResumeAsync(token);
        await using var pushes = new PushInbox(there);

        await here.LogOutAsync();

        await pushes.NextAsync<SwiperPush.SignedOut>();
        Assert.Equal(StatusCode.LoginRequired, (await there.TryProfileAsync()).Failure.Code);
        foreach (var host in new[] { _one, _other })
        {
            await using var again = await host.ConnectAsync();
            Assert.Equal(StatusCode.TokenInvalid, (await again.TryResumeAsync(token)).Failure.Code);
        }
    }

    [Fact]
    public async Task The_last_two_hundred_pushes_are_sent_by_both_and_those_before_them_are_reported() =>
        await MissedPushesTests.AssertLastTwoHundredAsync(await _one.SignUpAsync(IPushRepository.Kept + 2), _one, _other);

    [Fact]
    public async Task The_end_of_a_friendship_is_sent_by_both_as_it_was_pushed() =>
        await MissedPushesTests.AssertUnmatchedAsync(await _one.SignUpAsync(2), _one, _other);

    [Fact]
    public async Task People_who_sign_up_on_both_at_once_are_different_people_and_one_phone_is_one_person()
    {
        const int People = 200;
        await using var here = await _one.ConnectAsync();
        await using var there = await _other.ConnectAsync();
        Assert.NotEqual((await here.HelloAsync()).Node, (await there.HelloAsync()).Node);

        var tokens = await Task.WhenAll(_one.SignUpAsync(People), _other.SignUpAsync(People));
        var uids = new HashSet<long>();
        foreach (var token in tokens.SelectMany(ofHost => ofHost))
            Assert.True(uids.Add((await there.ResumeAsync(token)).Uid));

        var phone = Outbox.NewPhone();
        var first = await _one.SignInAsync(here, phone);
        var second = await _other.SignInAsync(there, phone);
        Assert.Equal((first.Uid, true, false), (second.Uid, first.Created, second.Created));
    }

    [Fact]
    public async Task What_was_done_on_one_host_shows_on_the_other()
    {
        var tokens = await _one.SignUpAsync(3);
        await using var ann = await _one.ConnectAsync();
        await using var bob = await _other.ConnectAsync();
        await using var eve = await _other.ConnectAsync();
        var annsUid = (await ann.ResumeAsync(tokens[0])).Uid;
        var bobsUid = (await bob.ResumeAsync(tokens[1])).Uid;
        var evesUid = (await eve.ResumeAsync(tokens[2])).Uid;
        var birthday = new DateOnly(2000, 1, 1);
        await ann.UpdateProfileAsync(new ProfileChange
        {
            Sex = Sex.Female,
            Birthday = birthday,
            DatingSex = Sex.Male,
            MaxAge = 120,
            Nickname = "Before",
        });
        await bob.UpdateProfileAsync(new ProfileChange { Sex = Sex.Male, Birthday = birthday, MaxAge = 120, DatingSex = Sex.Female });
        await eve.UpdateProfileAsync(new ProfileChange { Sex = Sex.Male, Birthday = birthday, MaxAge = 120, DatingSex = Sex.Female });
        await Eventually.HoldsAsync(async () =>
            (await bob.DeckAsync()).People.Any(person => person.Uid == annsUid && person.Nickname == "Before"), "Bob sees Ann");

        await ann.UpdateProfileAsync(new ProfileChange { Nickname = "After" });
        await Eventually.HoldsAsync(async () => (await bob.ProfileAsync(annsUid)).Nickname == "After", "Bob sees Ann's new name");

        await Wait.UntilMidnightIsFarAsync();
        await ann.SwipeAsync(bobsUid, SwipeKind.Superlike);
        await _deployment.SettledAsync();
        Assert.Equal([annsUid], (await bob.LikedMeAsync()).Likes.Select(like => like.Uid));
        Assert.Equal((annsUid, true), (await bob.DeckAsync()).People.Select(person => (person.Uid, person.SuperlikedMe)).First());
        await eve.SwipeAsync(bobsUid, SwipeKind.Dislike);
        await _deployment.SettledAsync();
        foreach (var board in Enum.GetValues<BoardName>())
        {
            var standing = await Verification.RetryAsync(() => ann.TryRankOfAsync(board, bobsUid));
            Assert.Equal((1, 2), (standing.Rank!.Value, standing.Score));
            Assert.Equal(standing, await Verification.RetryAsync(() => eve.TryRankOfAsync(board, bobsUid)));
            await Eventually.HoldsAsync(async () =>
            {
                var tops =
                    await Task.WhenAll(new[] { ann, eve }.Select(client => Verification.RetryAsync(() => client.TryTopAsync(board))));
                return tops[0].People.SequenceEqual(tops[1].People) && tops[0].People is [{ Score: 2 }];
            }, "the tops agree");
        }

        await bob.SwipeAsync(annsUid, SwipeKind.Dislike);
        Assert.Empty((await bob.LikedMeAsync()).Likes);
        await using var bobThere = await _one.ConnectAsync();
        await bobThere.ResumeAsync(tokens[1]);
        await _deployment.SettledAsync();
        Assert.DoesNotContain((await bobThere.DeckAsync()).People, person => person.Uid == annsUid);
        Assert.Equal(new SwipeReply(Matched: false, Repeated: true), await bobThere.SwipeAsync(annsUid, SwipeKind.Dislike));
        Assert.Equal(StatusCode.RepeatSwipe, (await bobThere.TrySwipeAsync(annsUid, SwipeKind.Like)).Failure.Code);
        Assert.NotEqual(annsUid, evesUid);
    }

    [Fact]
    public async Task Two_who_like_each_other_at_the_same_instant_on_different_hosts_match_exactly_once()
    {
        const int People = 40;
        var tokens = await _one.SignUpAsync(People);
        var here = await _one.SignInAsync(tokens);
        var there = await _other.SignInAsync(tokens);
        var pairs = Enumerable.Range(0, People).SelectMany(a => Enumerable.Range(0, a).Select(b => (A: here[a], B: there[b]))).ToArray();
        foreach (var part in pairs.Chunk(100))
        {
            var replies = await Task.WhenAll(part.SelectMany(pair => new[]
            {
                pair.A.SwipeAsync(pair.B.Uid!.Value, SwipeKind.Like).AsTask(),
                pair.B.SwipeAsync(pair.A.Uid!.Value, SwipeKind.Like).AsTask(),
            }));
            Assert.All(replies.Chunk(2), both => Assert.True(both[0].Matched != both[1].Matched, $"{both[0]}, {both[1]}"));
        }
        await _deployment.SettledAsync();
        Assert.Equal(2 * pairs.Length, (await _deployment.ReadTruthAsync()).Friends.Count);
        await here.Concat(there).DisposeAllAsync();
    }

    [Fact]
    public async Task Of_two_kinds_of_swipe_at_the_same_instant_on_different_hosts_one_counts()
    {
        const int People = 100;
        var tokens = await _one.SignUpAsync(People);
        await using var here = await _one.ConnectAsync();
        await using var there = await _other.ConnectAsync();
        await here.ResumeAsync(tokens[0]);
        await there.ResumeAsync(tokens[0]);
        var people = await _one.SignInAsync(tokens[1..]);

        var outcomes = await Task.WhenAll(people.Select(async person =>
        {
            var both = await Task.WhenAll(
                here.TrySwipeAsync(person.Uid!.Value, SwipeKind.Like).AsTask(),
                there.TrySwipeAsync(person.Uid!.Value, SwipeKind.Dislike).AsTask());
            return (Like: both[0], Dislike: both[1]);
        }));

        Assert.All(outcomes, outcome => Assert.True(outcome.Like.IsOk != outcome.Dislike.IsOk));
        Assert.All(outcomes, outcome =>
            Assert.Equal(StatusCode.RepeatSwipe, (outcome.Like.IsOk ? outcome.Dislike : outcome.Like).Failure.Code));
        await _deployment.SettledAsync();
        await Task.WhenAll(people.Zip(outcomes).Select(async pair =>
            Assert.Equal(pair.Second.Like.IsOk ? 5 : -5,
                (await Verification.RetryAsync(() => pair.First.TryRankOfAsync(BoardName.All))).Score)));
        await people.DisposeAllAsync();
    }

    [Theory]
    [MemberData(nameof(SpeedDatingEvenings.Files), MemberType = typeof(SpeedDatingEvenings))]
    public async Task The_decisions_of_speed_daters_lead_to_their_matches_though_half_of_the_people_are_elsewhere(string file)
    {
        var evenings = new SpeedDatingEvenings(file);
        var tokens = await _one.SignUpAsync(evenings.People);
        await evenings.PlayAsync(
        [
            .. await _one.SignInAsync(tokens[..(tokens.Length / 2)]),
            .. await _other.SignInAsync(tokens[(tokens.Length / 2)..]),
        ]);
        await _deployment.SettledAsync();
        await _deployment.IndexAgreesAsync();
    }
}
