using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Cluster;
using Swiper.EndToEnd.Running;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Social;

/// <summary>
/// What friends, and people who want nothing to do with each other, see of each other: on any engine, whichever host they are connected
/// to.
/// </summary>
public abstract class FriendsContract
{
    private readonly Dictionary<long, string> _tokens = [];

    /// <summary>Where people sign up and are connected to in turn.</summary>
    private protected abstract IReadOnlyList<ChildHost> Hosts { get; }

    /// <summary>Returns when the index knows of every swipe that was answered.</summary>
    private protected abstract Task SettledAsync();

    /// <summary>Has whatever is made anew from the truth made anew, and goes on with hosts that have started since.</summary>
    private protected abstract Task StartAnewAsync();

    [Fact]
    public async Task A_blocked_pair_never_meets_and_unblocking_does_not_make_friends_again()
    {
        await Wait.UntilMidnightIsFarAsync();
        var (ann, bob, cat, dan, eve) = (await NewAsync(), await NewAsync(), await NewAsync(), await NewAsync(), await NewAsync());
        await MatchAsync(ann, bob);
        await MatchAsync(eve, ann);
        await MatchAsync(eve, bob);
        await cat.SwipeAsync(Uid(ann), SwipeKind.Superlike);
        await eve.SwipeAsync(Uid(cat), SwipeKind.Like);
        await ann.SwipeAsync(Uid(dan), SwipeKind.Like);
        await SettledAsync();
        Assert.Equal([Uid(cat)], await LikersAsync(ann));
        Assert.Contains(Uid(ann), await LikersAsync(dan));
        Assert.Equal([Uid(cat)], await DeckAsync(ann));
        Assert.Contains(Uid(ann), await DeckAsync(dan));
        Assert.Equal([Uid(bob)], await CommonFriendsAsync(ann, eve));
        Assert.Equal(new[] { Uid(ann), Uid(bob), Uid(cat), Uid(dan), Uid(eve) }.Order(), (await NeighboursAsync(ann)).Order());

        // Her friend blocks Ann, and so does Dan, whom she likes; she blocks Cat, who superlikes her.
        await bob.BlockAsync(Uid(ann));
        await dan.BlockAsync(Uid(ann));
        await ann.BlockAsync(Uid(cat));
        SwiperClient[] others = [bob, cat, dan];
        foreach (var other in others)
        {
            await AssertApartAsync(ann, other);
            await AssertApartAsync(other, ann);
        }

        Assert.Equal([Uid(cat)], (await ann.BlockedAsync()).People.Select(person => person.Uid));
        Assert.Empty((await cat.BlockedAsync()).People);
        Assert.Empty(await CommonFriendsAsync(ann, eve));
        Assert.Equal(new[] { Uid(ann), Uid(bob) }.Order(), (await FriendsAsync(eve)).Order());

        // Pushes that were kept from before are not sent any more, but the end of a friendship is told.
        await StartAnewAsync();
        Assert.Equal(["missed", $"matched {Uid(eve)}", "missed", $"unmatched {Uid(bob)}"], (await ToldAsync(ann)).Select(Text));
        Assert.Equal(["missed", $"matched {Uid(eve)}"], (await ToldAsync(bob)).Select(Text));
        (ann, bob, cat) = (await AgainAsync(ann), await AgainAsync(bob), await AgainAsync(cat));
        await AssertApartAsync(ann, bob);
        await AssertApartAsync(bob, ann);
        await AssertApartAsync(cat, ann);

        await bob.UnblockAsync(Uid(ann));
        await ann.UnblockAsync(Uid(cat));
        await Eventually.HoldsAsync(
            async () => (await ann.TryProfileAsync(Uid(bob))).IsOk && (await bob.TryProfileAsync(Uid(ann))).IsOk, "the end of a block");
        await AssertNotFriendsAsync(ann, bob);
        await AssertNotFriendsAsync(bob, ann);
        await Eventually.HoldsAsync(async () => (await DeckAsync(ann)).SequenceEqual([Uid(cat)]), "Cat in Ann's deck again");
        Assert.True((await ann.SwipeAsync(Uid(cat), SwipeKind.Like)).Matched);
    }

    [Fact]
    public async Task A_friendship_ends_for_both_and_once_and_nothing_brings_the_two_together_again()
    {
        var (ann, bob, eve) = (await NewAsync(), await NewAsync(), await NewAsync());
        await MatchAsync(ann, bob, SwipeKind.Superlike);
        await MatchAsync(ann, eve);
        await MatchAsync(bob, eve);
        await SettledAsync();

        var ends = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => ann.TryUnfriendAsync(Uid(bob)).AsTask()));
        Assert.Single(ends, end => end.IsOk);
        Assert.All(ends, end => Assert.True(end.IsOk || end.Failure.Code == StatusCode.NotFriends));
        await Eventually.HoldsAsync(
            async () => (await bob.TryFriendAsync(Uid(ann))).Failure.Code == StatusCode.NotFriends, "the end for the other one");
        await AssertNotFriendsAsync(ann, bob);
        await AssertNotFriendsAsync(bob, ann);
        Assert.Equal(StatusCode.NotFriends, (await bob.TryUnfriendAsync(Uid(ann))).Failure.Code);
        // The likes stand, and say what they said.
        Assert.Equal(new SwipeReply(Matched: true, Repeated: true), await bob.SwipeAsync(Uid(ann), SwipeKind.Like));
        await AssertNotFriendsAsync(ann, bob);

        await StartAnewAsync();
        Assert.Equal([Uid(ann)], (await ToldAsync(bob)).OfType<SwiperPush.Unmatched>().Select(push => push.Uid));
        Assert.Empty((await ToldAsync(ann)).OfType<SwiperPush.Unmatched>());
        (ann, bob) = (await AgainAsync(ann), await AgainAsync(bob));
        await AssertNotFriendsAsync(ann, bob);
        await AssertNotFriendsAsync(bob, ann);
        Assert.Equal([Uid(eve)], await FriendsAsync(ann));
    }

    [Fact]
    public async Task A_former_friend_does_not_come_back_by_a_rewind()
    {
        var (ann, bob) = (await NewAsync(), await NewAsync());
        await MatchAsync(bob, ann, SwipeKind.Superlike);
        await bob.UnfriendAsync(Uid(ann));
        Assert.Equal(Uid(bob), (await ann.RewindAsync()).Sid);
        await AssertApartAsync();
        await StartAnewAsync();
        (ann, bob) = (await AgainAsync(ann), await AgainAsync(bob));
        await AssertApartAsync();
        // Whoever still knows the uid can swipe again, to no avail.
        Assert.False((await Verification.RetryAsync(() => ann.TrySwipeAsync(Uid(bob), SwipeKind.Superlike))).Matched);
        await AssertNotFriendsAsync(ann, bob);
        await AssertNotFriendsAsync(bob, ann);

        // A rewind is answered a moment before all that follows from it is done, at the latest after a second.
        Task AssertApartAsync() => Eventually.HoldsAsync(
            async () => !(await DeckAsync(ann)).Contains(Uid(bob)) && !(await LikersAsync(ann)).Contains(Uid(bob)),
            "Bob in none of Ann's lists");
    }

    [Fact]
    public async Task The_uid_of_nobody_is_3006_whatever_is_asked_of_them()
    {
        var ann = await NewAsync();
        foreach (var nobody in new[] { 12345L, 0, -1, long.MaxValue })
        {
            var answers = new Dictionary<Opcode, StatusCode>
            {
                [Opcode.Profile] = (await ann.TryProfileAsync(nobody)).Failure.Code,
                [Opcode.Swipe] = (await ann.TrySwipeAsync(nobody, SwipeKind.Superlike)).Failure.Code,
                [Opcode.Friend] = (await ann.TryFriendAsync(nobody)).Failure.Code,
                [Opcode.Unfriend] = (await ann.TryUnfriendAsync(nobody)).Failure.Code,
                [Opcode.CommonFriends] = (await ann.TryCommonFriendsAsync(nobody)).Failure.Code,
                [Opcode.Block] = (await ann.TryBlockAsync(nobody)).Failure.Code,
                [Opcode.Unblock] = (await ann.TryUnblockAsync(nobody)).Failure.Code,
                [Opcode.Report] = (await ann.TryReportAsync(nobody, ReportReason.Spam)).Failure.Code,
            };
            Assert.All(answers, answer => Assert.Equal((answer.Key, StatusCode.NoSuchUser), (answer.Key, answer.Value)));
            // Boards of a cluster are made at its start.
            await Eventually.HoldsAsync(
                async () => (await ann.TryRankOfAsync(BoardName.All, nobody)).Failure.Code == StatusCode.NoSuchUser, "no rank of nobody");
            await Eventually.HoldsAsync(
                async () => (await ann.TryAroundAsync(BoardName.All, nobody)).Failure.Code == StatusCode.NoSuchUser,
                "nobody around nobody");
        }

        // Not somebody who is no friend, or not blocked.
        var bob = await NewAsync();
        Assert.Equal(StatusCode.NotFriends, (await ann.TryUnfriendAsync(Uid(bob))).Failure.Code);
        Assert.Equal(StatusCode.NotFriends, (await ann.TryFriendAsync(Uid(bob))).Failure.Code);
        Assert.True((await ann.TryUnblockAsync(Uid(bob))).IsOk);
    }

    [Fact]
    public async Task A_cursor_leads_only_whom_it_was_sent_into_its_own_list_on_every_host()
    {
        var people = new List<SwiperClient>();
        while (people.Count < 7)
            people.Add(await NewAsync());
        var (ann, bob) = (people[0], people[1]);
        foreach (var friend in people[1..])
            await MatchAsync(friend, ann);
        foreach (var friend in people[2..])
            await MatchAsync(friend, bob);

        // Of two matches within a millisecond, the one with the greater uid comes first.
        var all = (await ann.FriendsAsync(limit: 100)).Friends;
        Assert.Equal(all.OrderByDescending(friend => (friend.Since, friend.Uid)), all);
        Assert.Equal(people[1..].Select(Uid).Order(), all.Select(friend => friend.Uid).Order());
        var shared = all.Where(friend => friend.Uid != Uid(bob)).ToArray();

        var first = await ann.FriendsAsync(limit: 2);
        var common = await ann.CommonFriendsAsync(Uid(bob), limit: 2);
        Assert.Equal(all.Take(2), first.Friends);
        Assert.Equal(shared[..2], common.Friends);
        foreach (var host in Hosts)
        {
            await using var again = await SignInAsync(host, ann);
            Assert.Equal([all[2]], (await again.FriendsAsync(first.NextCursor, 1)).Friends);
            Assert.Equal(shared[2..], (await again.CommonFriendsAsync(Uid(bob), common.NextCursor, 100)).Friends);
        }

        // As many as are left, and one less.
        Assert.Null((await ann.FriendsAsync(first.NextCursor, 4)).NextCursor);
        Assert.NotNull((await ann.FriendsAsync(first.NextCursor, 3)).NextCursor);
        Assert.Null((await ann.CommonFriendsAsync(Uid(bob), common.NextCursor, 3)).NextCursor);
        Assert.NotNull((await ann.CommonFriendsAsync(Uid(bob), common.NextCursor, 2)).NextCursor);

        Assert.All(
            new[]
            {
                (await bob.TryFriendsAsync(first.NextCursor)).Failure,
                (await ann.TryFriendsAsync(common.NextCursor)).Failure,
                (await ann.TryLikedMeAsync(first.NextCursor)).Failure,
                (await ann.TryBlockedAsync(first.NextCursor)).Failure,
                (await ann.TryCommonFriendsAsync(Uid(bob), first.NextCursor)).Failure,
                (await ann.TryCommonFriendsAsync(Uid(people[2]), common.NextCursor)).Failure,
                (await bob.TryCommonFriendsAsync(Uid(ann), common.NextCursor)).Failure,
                (await ann.TryFriendsAsync(first.NextCursor![..^1])).Failure,
                (await ann.TryFriendsAsync("1784116800000.7331234567890123456")).Failure,
                (await ann.TryFriendsAsync("")).Failure,
            },
            failure =>
            {
                Assert.Equal(StatusCode.BadParams, failure.Code);
                Assert.StartsWith("cursor: ", failure.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public async Task Friends_in_common_are_shown_to_friends_alone()
    {
        var (ann, bob, eve) = (await NewAsync(), await NewAsync(), await NewAsync());
        await MatchAsync(ann, eve);
        await MatchAsync(bob, eve);
        await ann.SwipeAsync(Uid(bob), SwipeKind.Like);
        Assert.Equal(StatusCode.NotFriends, (await ann.TryCommonFriendsAsync(Uid(bob))).Failure.Code);
        Assert.Equal(StatusCode.BadParams, (await ann.TryCommonFriendsAsync(Uid(ann))).Failure.Code);
        Assert.Equal(StatusCode.NoSuchUser, (await ann.TryCommonFriendsAsync(12345)).Failure.Code);
        await bob.SwipeAsync(Uid(ann), SwipeKind.Like);
        Assert.Equal([Uid(eve)], await CommonFriendsAsync(ann, bob));
        await eve.UpdateProfileAsync(new ProfileChange { Nickname = "Eve" });
        await Eventually.HoldsAsync(
            async () => (await ann.CommonFriendsAsync(Uid(bob))).Friends is [{ Nickname: "Eve" }], "Eve by her new name");
    }

    [Fact]
    public async Task Whom_three_have_reported_is_in_nobodys_deck_until_the_staff_decide()
    {
        var (ann, bob, cat, dan) = (await NewAsync(), await NewAsync(), await NewAsync(), await NewAsync());
        Assert.Equal(StatusCode.BadParams, (await ann.TryReportAsync(Uid(ann), ReportReason.Spam)).Failure.Code);
        Assert.Equal(StatusCode.NoSuchUser, (await ann.TryReportAsync(12345, ReportReason.Spam)).Failure.Code);
        Assert.Equal(StatusCode.BadParams, (await ann.TryReportAsync(Uid(dan), ReportReason.Other, "two\nlines")).Failure.Code);

        // Who is blocked may report, too.
        await dan.BlockAsync(Uid(ann));
        var report = await ann.ReportAsync(Uid(dan), ReportReason.Offensive, "words");
        Assert.Equal(report, await ann.ReportAsync(Uid(dan), ReportReason.Offensive, "more words"));
        await bob.ReportAsync(Uid(dan), ReportReason.Fake);
        Assert.Contains(Uid(dan), await DeckAsync(bob));
        Assert.NotEqual(report, await cat.ReportAsync(Uid(dan), ReportReason.Underage));
        await Eventually.HoldsAsync(async () => !(await DeckAsync(bob)).Contains(Uid(dan)), "nobody in decks whom three have reported");
        Assert.Contains(Uid(bob), await DeckAsync(dan));
        await StartAnewAsync();
        Assert.DoesNotContain(Uid(dan), await DeckAsync(await AgainAsync(bob)));
    }

    private protected static long Uid(SwiperClient client) => client.Uid!.Value;

    private static string Text(SwiperPush push) => push switch
    {
        SwiperPush.Missed => "missed",
        SwiperPush.Matched match => $"matched {match.Uid}",
        SwiperPush.Unmatched end => $"unmatched {end.Uid}",
        _ => push.ToString(),
    };

    private static async Task MatchAsync(SwiperClient first, SwiperClient second, SwipeKind kind = SwipeKind.Like)
    {
        await first.SwipeAsync(Uid(second), kind);
        Assert.True((await second.SwipeAsync(Uid(first), SwipeKind.Like)).Matched);
    }

    private static async Task AssertApartAsync(SwiperClient viewer, SwiperClient other)
    {
        await Eventually.HoldsAsync(
            async () => (await viewer.TryProfileAsync(Uid(other))).Failure.Code == StatusCode.Blocked, "a block that is known");
        Assert.Equal(StatusCode.Blocked, (await viewer.TryFriendAsync(Uid(other))).Failure.Code);
        Assert.Equal(StatusCode.Blocked, (await viewer.TryCommonFriendsAsync(Uid(other))).Failure.Code);
        Assert.Equal(StatusCode.Blocked, (await viewer.TrySwipeAsync(Uid(other), SwipeKind.Like)).Failure.Code);
        Assert.DoesNotContain(Uid(other), await DeckAsync(viewer));
        Assert.DoesNotContain(Uid(other), await LikersAsync(viewer));
        Assert.DoesNotContain(Uid(other), await FriendsAsync(viewer));
        Assert.DoesNotContain(Uid(other), await NeighboursAsync(viewer));
    }

    private static async Task AssertNotFriendsAsync(SwiperClient viewer, SwiperClient other)
    {
        Assert.Equal(StatusCode.NotFriends, (await viewer.TryFriendAsync(Uid(other))).Failure.Code);
        Assert.Equal(StatusCode.NotFriends, (await viewer.TryCommonFriendsAsync(Uid(other))).Failure.Code);
        Assert.DoesNotContain(Uid(other), await FriendsAsync(viewer));
        Assert.DoesNotContain(Uid(other), await DeckAsync(viewer));
        Assert.DoesNotContain(Uid(other), await LikersAsync(viewer));
    }

    private static async Task<long[]> FriendsAsync(SwiperClient client) =>
        [.. (await client.FriendsAsync()).Friends.Select(friend => friend.Uid)];

    private static async Task<long[]> CommonFriendsAsync(SwiperClient client, SwiperClient other) =>
        [.. (await client.CommonFriendsAsync(Uid(other))).Friends.Select(friend => friend.Uid)];

    private static async Task<long[]> LikersAsync(SwiperClient client) =>
        [.. (await client.LikedMeAsync()).Likes.Select(like => like.Uid)];

    private protected static async Task<long[]> DeckAsync(SwiperClient client) =>
        [.. (await client.DeckAsync(count: 50)).People.Select(person => person.Uid)];

    private static async Task<long[]> NeighboursAsync(SwiperClient client) =>
        [.. (await Verification.RetryAsync(() => client.TryAroundAsync())).People.Select(person => person.Uid)];

    /// <summary>Signs somebody up who is in everybody's deck.</summary>
    private protected async Task<SwiperClient> NewAsync()
    {
        var token = Assert.Single(await Hosts[0].SignUpAsync(1));
        var client = await Hosts[_tokens.Count % Hosts.Count].ConnectAsync();
        await client.ResumeAsync(token);
        _tokens.Add(Uid(client), token);
        await client.UpdateProfileAsync(new ProfileChange
        {
            Sex = Sex.Female,
            DatingSex = Sex.Female,
            Birthday = new DateOnly(2000, 1, 1),
            MaxAge = 120,
        });
        return client;
    }

    private Task<SwiperClient> AgainAsync(SwiperClient client) => SignInAsync(Hosts[^1], client);

    private async Task<SwiperClient> SignInAsync(ChildHost host, SwiperClient earlier)
    {
        var client = await host.ConnectAsync();
        await client.ResumeAsync(_tokens[Uid(earlier)]);
        return client;
    }

    /// <summary>All pushes that are sent to somebody who has received none.</summary>
    private async Task<List<SwiperPush>> ToldAsync(SwiperClient earlier)
    {
        var client = await Hosts[^1].ConnectAsync();
        await using var pushes = new PushInbox(client);
        await client.ResumeAsync(_tokens[Uid(earlier)], lastPushSeq: 0);
        return await pushes.RestAsync();
    }
}
