using System.IO.Pipelines;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Core.Vip;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>
/// What happens on one host is heard of on the other: through Redis, and where the two have no Redis in common from the rows in the
/// shards alone.
/// </summary>
[Collection(nameof(ClusterCollection))]
public sealed class TwoHostsTests(ClusterServers servers) : IAsyncDisposable
{
    private readonly TestCluster _cluster = new(servers);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_match_is_pushed_once_to_both_wherever_they_are_connected(bool commonRedis)
    {
        var (here, there) = await StartAsync(commonRedis);
        var (ann, bob, eve) = (await here.NewUidAsync(0), await here.NewUidAsync(1), await here.NewUidAsync(0));
        var (annsDevice, bobsDevice, bobsOther) = (here.SignIn(ann), there.SignIn(bob), here.SignIn(bob));
        await here.SwipeAsync(ann, bob, at: Recently.At);
        Assert.True((await there.SwipeAsync(bob, ann, at: Recently.At + 1)).Matched);
        await here.SwipeAsync(eve, bob, SwipeKind.Superlike, at: Recently.At + 2);
        Assert.True((await there.SwipeAsync(bob, eve, at: Recently.At + 3)).Matched);
        await there.SwipeAsync(ann, eve, at: Recently.At + 4);
        await here.SwipeAsync(eve, ann, at: Recently.At + 5);

        StoredPush[] bobs =
        [
            new(1, Opcode.Matched, ann, Recently.At + 1), new(2, Opcode.Superliked, eve, Recently.At + 2),
            new(3, Opcode.Matched, eve, Recently.At + 3),
        ];
        // In their order, and nothing twice in between.
        Assert.Equal(bobs, await NextAsync(bobsDevice, 3));
        Assert.Equal(bobs, await NextAsync(bobsOther, 3));
        Assert.Equal(
            [new(1, Opcode.Matched, bob, Recently.At + 1), new(2, Opcode.Matched, eve, Recently.At + 5)],
            await NextAsync(annsDevice, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pushes_that_both_hosts_make_at_the_same_time_all_arrive_in_their_order(bool commonRedis)
    {
        const int superlikers = 60;
        var (here, there) = await StartAsync(commonRedis);
        // Several who are there for the first time: what comes first may come first from either host.
        var stars = await here.NewUidsAsync(5);
        var fans = await here.NewUidsAsync(superlikers);
        var devices = stars.SelectMany(uid => new[] { (uid, Device: here.SignIn(uid)), (uid, Device: there.SignIn(uid)) }).ToArray();
        await Task.WhenAll(fans.SelectMany((fan, number) =>
            stars.Select(star => Task.Run(() => (number % 2 == 0 ? here : there).SwipeAsync(fan, star, SwipeKind.Superlike)))));

        foreach (var (uid, device) in devices)
            Assert.Equal(await here.PushesAsync(uid), await NextAsync(device, superlikers));
    }

    [Fact]
    public async Task The_push_of_a_match_comes_before_the_answer_also_behind_pushes_of_another_host_that_were_not_heard_of_yet()
    {
        const int fans = 20;
        var (here, there) = await StartAsync(commonRedis: false);
        var people = await here.NewUidsAsync(fans + 1);
        var (me, others) = (people[0], people[1..]);
        var device = here.SignIn(me);
        for (var number = 0; number < fans; number++)
        {
            // Its push is there; this host hears of it within a second.
            await there.SwipeAsync(others[number], me, SwipeKind.Superlike, at: Recently.At);
            var swipe = here.Engine.Swipes.SwipeAsync(me, others[number], SwipeKind.Like, Recently.At + 1 + number);
            Assert.True((await device.ReplyAsync(swipe)).Matched);
            var seq = 2 * number;
            Assert.Equal(new StoredPush(seq + 1, Opcode.Superliked, others[number], Recently.At), await device.NextAsync());
            Assert.Equal(new StoredPush(seq + 2, Opcode.Matched, others[number], Recently.At + 1 + number), await device.NextAsync());
            Assert.Equal(Contract.Device.Replied, await device.NextAsync());
        }
    }

    [Fact]
    public async Task Of_more_pushes_than_are_kept_that_a_host_has_not_heard_of_the_oldest_are_reported_as_missed()
    {
        const int written = 250;
        const int missed = written - IPushRepository.Kept;
        var (here, there) = await StartAsync(commonRedis: false);
        var me = await here.NewUidAsync();
        var (device, other) = (here.SignIn(me), here.SignIn(me, deviceId: 2));
        // In one transaction: this host can't hear of one before all are there.
        await there.Engine.Parts.Records.RunAsync(me, async session =>
        {
            for (var subject = 1; subject <= written; subject++)
                await session.PushAsync(me, Opcode.Superliked, subject, Recently.At);
            return true;
        });

        foreach (var one in new[] { device, other })
        {
            var pushes = await NextAsync(one, 1 + IPushRepository.Kept);
            // Its fields are the first and the last seq.
            Assert.Equal(new StoredPush(missed, Opcode.Missed, 1, missed), pushes[0]);
            Assert.Equal(
                Enumerable.Range(missed + 1, IPushRepository.Kept).Select(seq =>
                    new StoredPush(seq, Opcode.Superliked, seq, Recently.At)),
                pushes[1..]);
        }
    }

    [Fact]
    public async Task A_connection_that_is_catching_up_notes_a_push_of_another_host_that_is_known_by_its_number_alone()
    {
        var (here, there) = await StartAsync(commonRedis: false);
        var (ann, bob) = (await here.NewUidAsync(), await here.NewUidAsync());
        var output = new FrameOutput(new Pipe().Writer, maxUnsent: int.MaxValue, abort: () => { });
        var session = new Session("bob's", remote: null, output, maxInFlight: 1);
        here.Sessions.BeginSignIn(session, new Identity(bob, TokenId: 1, Expires: long.MaxValue));
        var missed = session.Missed;
        await there.SwipeAsync(ann, bob, SwipeKind.Superlike);
        await _cluster.UntilAsync(() => session.Missed > missed, "a push that is noted");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_that_is_revoked_on_one_host_signs_out_on_the_other(bool commonRedis)
    {
        var (here, there) = await StartAsync(commonRedis);
        var (ann, bob) = (await here.NewUidAsync(0), await here.NewUidAsync(0));
        there.SignIn(ann);
        there.SignIn(bob);
        await here.Engine.Devices.LogOutAsync(new Identity(ann, TokenId: 99, Expires: long.MaxValue));
        await here.Engine.Devices.LogOutAsync(new Identity(bob, TokenId: 1, Expires: long.MaxValue));
        await _cluster.UntilAsync(() => there.Sessions.LastPushSeq(bob) is null, "being signed out");

        Assert.NotNull(there.Sessions.LastPushSeq(ann));
        Assert.True(await there.Engine.Devices.IsRevokedAsync(bob, 1));
        Assert.False(await there.Engine.Devices.IsRevokedAsync(ann, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_that_another_signs_out_or_that_is_one_too_many_is_told_so_on_the_other_host(bool commonRedis)
    {
        var (here, there) = await StartAsync(commonRedis);
        var ann = await here.NewPersonAsync();
        var devices = Enumerable.Range(0, IDeviceRepository.Most + 1).Select(_ => SigningIn.NewDevice(ann.Uid, here.Now)).ToArray();
        foreach (var (device, age) in devices[..^1].Select((device, index) => (device, IDeviceRepository.Most - index)))
            Assert.False(await here.Engine.Accounts.SignInAsync(device, ann.Phone, "test", here.Now - age));
        var (oldest, second) = (there.SignIn(ann.Uid, devices[0].TokenId), there.SignIn(ann.Uid, devices[1].TokenId));

        await here.Engine.Accounts.SignInAsync(devices[^1], ann.Phone, "test", here.Now);
        Assert.Equal(SignedOutPush.Replaced, await oldest.NextReasonAsync());
        Assert.True(await here.Engine.Devices.SignOutAsync(ann.Uid, devices[^1].TokenId, devices[1].TokenId));
        Assert.Equal(SignedOutPush.SignedOut, await second.NextReasonAsync());

        Assert.Null(there.Sessions.LastPushSeq(ann.Uid));
        Assert.Equal(
            devices[2..].Select(device => device.TokenId).Order(),
            (await there.Engine.Devices.ReadAsync(ann.Uid, 0, there.Now)).Select(device => device.DeviceId).Order());
        foreach (var gone in devices[..2])
            Assert.False(await there.Engine.Devices.SeeAsync(gone, "test", there.Now));
    }

    [Fact]
    public async Task However_many_log_in_on_both_hosts_at_the_same_instant_sixteen_devices_remain()
    {
        var (here, there) = await StartAsync(commonRedis: true);
        var ann = await here.NewPersonAsync();
        var devices = Enumerable.Range(0, 40).Select(_ => SigningIn.NewDevice(ann.Uid, here.Now)).ToArray();
        await Task.WhenAll(devices.Select((device, index) => Task.Run(() =>
            (index % 2 == 0 ? here : there).Engine.Accounts.SignInAsync(device, ann.Phone, "test", here.Now).AsTask())));

        var left = (await there.Engine.Devices.ReadAsync(ann.Uid, 0, there.Now)).Select(device => device.DeviceId).ToArray();
        Assert.Equal(IDeviceRepository.Most, left.Length);
        foreach (var device in devices)
            Assert.Equal(left.Contains(device.TokenId), await here.Engine.Devices.SeeAsync(device, "", here.Now));
    }

    [Fact]
    public async Task Of_two_devices_that_sign_out_all_others_on_two_hosts_at_the_same_instant_one_stays()
    {
        var (here, there) = await StartAsync(commonRedis: true);
        for (var round = 0; round < 20; round++)
        {
            var ann = await here.NewPersonAsync();
            var (one, other) = (SigningIn.NewDevice(ann.Uid, here.Now), SigningIn.NewDevice(ann.Uid, here.Now));
            await here.Engine.Accounts.SignInAsync(one, ann.Phone, "one", here.Now);
            await there.Engine.Accounts.SignInAsync(other, ann.Phone, "other", here.Now);
            var done = await Task.WhenAll(
                Task.Run(() => here.Engine.Devices.SignOutAsync(ann.Uid, one.TokenId, null).AsTask()),
                Task.Run(() => there.Engine.Devices.SignOutAsync(ann.Uid, other.TokenId, null).AsTask()));
            Assert.True(done[0] ^ done[1]);
            Assert.Equal(done[0], await there.Engine.Devices.SeeAsync(one, "", there.Now));
            Assert.Equal(done[1], await here.Engine.Devices.SeeAsync(other, "", here.Now));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_user_and_a_changed_profile_are_on_the_decks_of_the_other_host(bool commonRedis)
    {
        var (here, there) = await StartAsync(commonRedis);
        var me = await there.NewPersonAsync(shape: profile => profile with { DatingSex = Sex.Male });
        Assert.Empty(await there.DeckAsync(me));
        var uid = here.Engine.NewUid();
        // That there is nobody is remembered.
        Assert.Null(await there.Engine.Accounts.FindAsync(uid));
        var made = await here.NewPersonAsync(shape: profile => profile with { Uid = uid, Sex = Sex.Male, Nickname = "before" });
        await Eventually.HoldsAsync(async () =>
            await there.DeckAsync(me) is [var shown] && shown == uid, "the new user on the deck");
        Assert.Equal("before", (await there.Engine.Accounts.FindAsync(uid))!.Profile.Nickname);

        var change = new ProfileChange { Nickname = "after", Sex = Sex.Female };
        Assert.True((await here.Engine.Accounts.UpdateAsync(made.Uid, change, here.Now)).IsOk);
        await Eventually.HoldsAsync(async () => (await there.DeckAsync(me)).Length == 0, "the changed user off the deck");
        Assert.Equal("after", (await there.Engine.Accounts.FindAsync(uid))!.Profile.Nickname);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_vip_level_that_is_granted_on_one_host_and_a_change_of_the_table_count_on_the_other(bool commonRedis)
    {
        var (here, there) = await StartAsync(commonRedis);
        var people = new[] { await here.NewUidAsync(0), await here.NewUidAsync(1) };
        foreach (var uid in people)
        {
            var device = there.SignIn(uid);
            var granted = (await here.Engine.Vip.GrantAsync(uid, 2, 30, here.Now)).Value;
            Assert.Equal(new StoredPush(1, Opcode.Vip, 2, granted.Ends), await device.NextAsync());
            await _cluster.UntilAsync(() => there.Engine.Vip.StatusOf(uid) == granted, "the level");
            await Eventually.HoldsAsync(
                async () => (await there.Engine.Accounts.FindAsync(uid))!.Profile.VipLevel == 2, "the level in the profile");
            await there.Engine.Vip.RevokeAsync(uid, there.Now);
            await _cluster.UntilAsync(() => here.Engine.Vip.StatusOf(uid) == VipStatus.None, "the end of the level");
        }

        Assert.True((await there.Engine.Vip.ChangeLevelAsync(2, new VipLevelChange("platinum", ["any_location"]))).IsOk);
        await _cluster.UntilAsync(() => here.Engine.Vip.Levels[2].Name == "platinum", "the change of the table");
        Assert.Equal(["any_location"], here.Engine.Vip.Levels[2].Permissions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whom_three_report_on_different_hosts_at_the_same_instant_is_on_no_deck_of_either_until_one_decides(bool commonRedis)
    {
        var (here, there) = await StartAsync(commonRedis);
        var me = await here.NewPersonAsync();
        var reported = await here.NewUidsAsync(10);
        var reporters = await here.NewUidsAsync(3);
        await UntilDecksHaveAsync(reported.Length + reporters.Length);
        await Task.WhenAll(reported.SelectMany(uid => reporters.Select((reporter, number) => Task.Run(() =>
            (number % 2 == 0 ? here : there).Engine.Reports.ReportAsync(reporter, uid, ReportReason.Fake, null, here.Now).AsTask()))));
        await UntilDecksHaveAsync(reporters.Length);
        Assert.All(await there.Engine.Reports.ReadUndecidedAsync(100), user =>
            Assert.Equal((DeckStanding.Reported, 3), (user.Standing, user.Reporters)));

        // Two decide at the same instant, and both hosts agree on who was the last.
        await Task.WhenAll(reported.SelectMany(uid => new[]
        {
            Task.Run(() => here.Engine.Reports.DecideAsync(uid, ReportDecision.Clear, here.Now).AsTask()),
            Task.Run(() => there.Engine.Reports.DecideAsync(uid, ReportDecision.Remove, there.Now).AsTask()),
        }));
        var removed = _cluster.CountAll("reported WHERE standing = 2");
        await UntilDecksHaveAsync(reported.Length + reporters.Length - (int)removed);
        var late = await _cluster.StartHostAsync();
        Assert.Equal((await here.DeckAsync(me)).Order(), (await late.DeckAsync(me)).Order());

        Task UntilDecksHaveAsync(int people) => Eventually.HoldsAsync(
            async () => (await here.DeckAsync(me)).Length == people && (await there.DeckAsync(me)).Length == people,
            $"{people} people on the decks of both");
    }

    [Fact]
    public async Task A_user_made_on_one_host_can_swipe_and_be_swiped_at_once_on_the_other()
    {
        var (here, there) = await StartAsync(commonRedis: false);
        var ann = await here.NewUidAsync(0);
        Assert.False((await there.SwipeAsync(ann, await here.NewUidAsync(1))).Matched);
        var bob = await here.NewUidAsync(1);
        Assert.False((await there.SwipeAsync(ann, bob)).Matched);
        Assert.True((await there.SwipeAsync(bob, ann)).Matched);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_likes_at_the_same_instant_on_two_hosts_exactly_one_is_the_match(bool commonRedis)
    {
        const int pairs = 400;
        var (here, there) = await StartAsync(commonRedis);
        var people = await here.NewUidsAsync(2 * pairs);
        var replies = await Task.WhenAll(
            people.Select((uid, index) => Task.Run(() => (index % 2 == 0 ? here : there).SwipeAsync(uid, people[index ^ 1]))));

        for (var first = 0; first < people.Length; first += 2)
        {
            Assert.True(replies[first].Matched ^ replies[first + 1].Matched, $"pair {first}: {replies[first]}, {replies[first + 1]}");
            var (mine, theirs) =
                (Assert.Single(await here.PushesAsync(people[first])), Assert.Single(await there.PushesAsync(people[first + 1])));
            Assert.Equal((people[first + 1], people[first], mine.At), (mine.Subject, theirs.Subject, theirs.At));
        }
        // Who completed it is remembered by both.
        for (var index = 0; index < people.Length; index += 29)
            Assert.Equal(replies[index] with { Repeated = true },
                await (index % 2 == 0 ? there : here).SwipeAsync(people[index], people[index ^ 1]));
        Assert.Equal(2 * pairs, _cluster.CountAll("friends"));
        await _cluster.AwaitEmptyJournalsAsync();
    }

    [Fact]
    public async Task The_same_swipe_on_both_hosts_at_the_same_instant_is_recorded_once()
    {
        var (here, there) = await StartAsync(commonRedis: true);
        var people = await here.NewUidsAsync(100);
        var replies = await Task.WhenAll(people[1..].Select(async sid =>
            await Task.WhenAll(Task.Run(() => here.SwipeAsync(people[0], sid)), Task.Run(() => there.SwipeAsync(people[0], sid)))));
        Assert.All(replies, both => Assert.Single(both, reply => !reply.Repeated));
        Assert.Empty(await _cluster.CompareAsync());
    }

    // Publish/subscribe connects hosts with one Redis in common; without, only the shards do.
    private async Task<(TestHost Here, TestHost There)> StartAsync(bool commonRedis) =>
        (await _cluster.StartHostAsync(), await _cluster.StartHostAsync(commonRedis ? null : _cluster.NewRedis()));

    private static async Task<List<StoredPush>> NextAsync(Contract.Device device, int count)
    {
        var pushes = new List<StoredPush>();
        while (pushes.Count < count)
            pushes.Add(await device.NextAsync());
        return pushes;
    }
}
