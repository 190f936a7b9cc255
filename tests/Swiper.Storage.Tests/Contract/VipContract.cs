using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IVipRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class VipContract(ClusterServers servers) : EngineContract(servers)
{
    private const long Day = 86_400_000;

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    protected override TimeProvider Clock => _clock;

    private IVipRepository Vip => Engine.Vip;

    [Theory, OnEveryEngine]
    public async Task A_level_is_granted_shown_and_pushed_also_for_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(2);
        var (ann, bob) = (people[0], people[1]);
        var device = SignIn(ann);
        var ends = Now + 30 * Day;

        Assert.Equal(new VipStatus(2, ends), (await Vip.GrantAsync(ann, 2, 30, Now)).Value);

        Assert.Equal(new StoredPush(1, Opcode.Vip, 2, ends), await device.NextAsync());
        await AssertSilverAsync();
        await ReopenAsync();
        await AssertSilverAsync();

        async Task AssertSilverAsync()
        {
            Assert.Equal(new VipStatus(2, ends), Vip.StatusOf(ann));
            Assert.Equal(VipStatus.None, Vip.StatusOf(bob));
            Assert.Equal((2, ends), await InProfileAsync(ann));
            Assert.Equal(new VipPush(2, ends), Assert.Single(await VipPushesAsync(ann)));
        }
    }

    [Theory, OnEveryEngine(false), OnEveryEngine(true)]
    public async Task The_end_is_told_once_when_it_has_come_and_not_before_also_after_a_restart(EngineKind engine, bool isRestarted)
    {
        await StartAsync(engine);
        var ann = (await NewPersonAsync()).Uid;
        var ends = (await Vip.GrantAsync(ann, 1, 1, Now)).Value.Ends;
        if (isRestarted)
            await ReopenAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(Day - 1));
        Assert.Equal(1, Vip.StatusOf(ann).At(Now).Level);
        Assert.Single(await PushesAsync(ann));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, Vip.StatusOf(ann).At(Now).Level);
        await UntilAsync(async () => (await PushesAsync(ann)).Count == 2, "the push of the end");
        Assert.Equal([new VipPush(1, ends), new VipPush(0, 0)], await VipPushesAsync(ann));
        Assert.Equal((0, 0L), await InProfileAsync(ann));
        await UntilAsync(() => Task.FromResult(Vip.StatusOf(ann) == VipStatus.None), "the end in memory");
        await ReopenAsync();
        Assert.Equal(VipStatus.None, Vip.StatusOf(ann));
        Assert.Equal(2, (await PushesAsync(ann)).Count);
    }

    [Theory, OnEveryEngine]
    public async Task Whoever_has_renewed_is_not_told_of_the_old_end(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = (await NewPersonAsync()).Uid;
        var other = (await NewPersonAsync()).Uid;
        var end = (await Vip.GrantAsync(ann, 1, 1, Now)).Value.Ends;
        Assert.Equal(new VipStatus(1, end + Day), (await Vip.GrantAsync(ann, 1, 1, Now)).Value);
        // One that ends later than the first, to know when that has been seen to.
        await Vip.GrantAsync(other, 1, 1, Now + 1000);
        _clock.Advance(TimeSpan.FromDays(1));
        await UntilAsync(async () => (await PushesAsync(other)).Count == 2, "the end of another");
        Assert.Equal([new VipPush(1, end), new VipPush(1, end + Day)], await VipPushesAsync(ann));
        Assert.Equal((1, end + Day), await InProfileAsync(ann));

        _clock.Advance(TimeSpan.FromDays(1));
        await UntilAsync(async () => (await PushesAsync(ann)).Count == 3, "the end of the second");
        Assert.Equal(new VipPush(0, 0), (await VipPushesAsync(ann))[^1]);
        Assert.Equal(end + Day, (await PushesAsync(ann))[^1].At);
    }

    [Theory, OnEveryEngine]
    public async Task A_higher_level_replaces_a_lower_one_and_not_the_other_way_round(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = (await NewPersonAsync()).Uid;
        await Vip.GrantAsync(ann, 1, 30, Now);
        Assert.Equal(new VipStatus(3, Now + Day), (await Vip.GrantAsync(ann, 3, 1, Now)).Value);
        AssertFailed(StatusCode.DataError, await Vip.GrantAsync(ann, 2, 30, Now));
        Assert.Equal(new VipStatus(3, Now + Day), Vip.StatusOf(ann));
        Assert.Equal(2, (await PushesAsync(ann)).Count);
    }

    [Theory, OnEveryEngine]
    public async Task What_is_refused_changes_nothing(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = (await NewPersonAsync()).Uid;
        var nobody = Engine.NewUid();
        AssertFailed(StatusCode.NoSuchUser, await Vip.GrantAsync(nobody, 1, 1, Now));
        AssertFailed(StatusCode.NoSuchUser, await Vip.RevokeAsync(nobody, Now));
        AssertFailed(StatusCode.BadParams, await Vip.GrantAsync(ann, 4, 1, Now));
        AssertFailed(StatusCode.BadParams, await Vip.GrantAsync(ann, 1, 0, Now));
        AssertFailed(StatusCode.BadParams, await Vip.GrantAsync(ann, 1, 3651, Now));
        AssertFailed(StatusCode.BadParams, await Vip.ChangeLevelAsync(-1, new VipLevelChange("none")));
        AssertFailed(StatusCode.BadParams, await Vip.ChangeLevelAsync(4, new VipLevelChange("diamond")));
        AssertFailed(StatusCode.BadParams, await Vip.ChangeLevelAsync(1, new VipLevelChange(Permissions: ["fly"])));

        Assert.Equal(VipStatus.None, Vip.StatusOf(ann));
        Assert.Equal(VipStatus.None, Vip.StatusOf(nobody));
        Assert.Empty(await PushesAsync(ann));
        Assert.Equal(["superlike"], Vip.Levels[1].Permissions);
    }

    [Theory, OnEveryEngine]
    public async Task A_level_can_be_ended_early_and_begun_again(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = (await NewPersonAsync()).Uid;
        var ends = (await Vip.GrantAsync(ann, 3, 1, Now)).Value.Ends;
        Assert.Equal(VipStatus.None, (await Vip.RevokeAsync(ann, Now)).Value);
        Assert.Equal(VipStatus.None, (await Vip.RevokeAsync(ann, Now)).Value);
        Assert.Equal(VipStatus.None, Vip.StatusOf(ann));
        Assert.Equal((0, 0L), await InProfileAsync(ann));
        Assert.Equal([new VipPush(3, ends), new VipPush(0, 0)], await VipPushesAsync(ann));

        Assert.Equal(new VipStatus(1, Now + 2 * Day), (await Vip.GrantAsync(ann, 1, 2, Now)).Value);
        Assert.Equal(3, (await PushesAsync(ann)).Count);
    }

    [Theory, OnEveryEngine]
    public async Task Grants_at_the_same_instant_all_count_and_a_profile_that_changes_meanwhile_keeps_them(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = (await NewPersonAsync()).Uid;
        var now = Now;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(async () =>
        {
            Assert.True((await Vip.GrantAsync(ann, 2, 1, now)).IsOk);
            Assert.True((await Engine.Accounts.UpdateAsync(ann, new ProfileChange { Nickname = $"Ann {number}" }, now)).IsOk);
        })));

        Assert.Equal(new VipStatus(2, now + 20 * Day), Vip.StatusOf(ann));
        Assert.Equal((2, now + 20 * Day), await InProfileAsync(ann));
        Assert.Equal(Enumerable.Range(1, 20).Select(days => new VipPush(2, now + days * Day)), await VipPushesAsync(ann));
        await ReopenAsync();
        Assert.Equal(new VipStatus(2, now + 20 * Day), Vip.StatusOf(ann));
        Assert.Equal((2, now + 20 * Day), await InProfileAsync(ann));
    }

    [Theory, OnEveryEngine]
    public async Task The_table_of_levels_begins_as_the_product_wants_it_and_can_be_changed(EngineKind engine)
    {
        await StartAsync(engine);
        Assert.Equal(
            [
                "0 basic  ", "1 bronze superlike 30:10:coins,180:50:coins,365:90:coins",
                "2 silver superlike,rewind 30:20:coins,180:100:coins,365:180:coins",
                "3 gold superlike,rewind,who_liked_me,unlimited_likes,any_location 30:40:coins,180:200:coins,365:360:coins",
            ],
            Vip.Levels.All.Select(Text));

        var changed = await Vip.ChangeLevelAsync(1, new VipLevelChange(Permissions: ["rewind"], Prices: [new VipPrice(7, 199, "EUR")]));
        Assert.Equal("1 bronze rewind 7:199:EUR", Text(changed.Value));
        await Vip.ChangeLevelAsync(0, new VipLevelChange("everybody", Permissions: ["superlike"]));
        AssertChanged();
        await ReopenAsync();
        AssertChanged();

        void AssertChanged()
        {
            Assert.Equal(["0 everybody superlike ", "1 bronze rewind 7:199:EUR"], Vip.Levels.All.Take(2).Select(Text));
            Assert.Equal("silver", Vip.Levels[2].Name);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_level_that_there_is_not_in_a_users_row_counts_as_the_nearest(EngineKind engine)
    {
        await StartAsync(engine);
        var high = (await NewPersonAsync(profile => profile with { VipLevel = 9, VipEnd = Now + Day })).Uid;
        var low = (await NewPersonAsync(profile => profile with { VipLevel = -1, VipEnd = Now + Day })).Uid;
        var ended = (await NewPersonAsync(profile => profile with { VipLevel = 2, VipEnd = Now })).Uid;
        await ReopenAsync();
        Assert.Equal(new VipStatus(3, Now + Day), Vip.StatusOf(high));
        Assert.Equal(VipStatus.None, Vip.StatusOf(low));
        Assert.Equal(VipStatus.None, Vip.StatusOf(ended));
    }

    private static string Text(VipLevel level) =>
        $"{level.Level} {level.Name} {string.Join(',', level.Permissions)} "
        + string.Join(',', level.Prices.Select(price => $"{price.Days}:{price.Price}:{price.Currency}"));

    private async Task<(int Level, long Ends)> InProfileAsync(long uid)
    {
        var profile = (await Engine.Accounts.FindAsync(uid))!.Profile;
        return (profile.VipLevel, profile.VipEnd);
    }

    private async Task<VipPush[]> VipPushesAsync(long uid) =>
        [.. (await PushesAsync(uid)).Where(push => push.Opcode == Opcode.Vip).Select(push => PayloadBytes.Read<VipPush>(push.Data))];

    // What is due is looked for once a second.
    private Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        what);
}
