using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Core.Vip;

namespace Swiper.Host.Tests.Vip;

/// <summary>What VIP levels allow, for a client of the whole server, where nothing is free.</summary>
public sealed class VipTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private TestHost _host = null!;
    private VipClient _me = null!;

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(
            services => services.AddSingleton<TimeProvider>(_clock),
            "Vip:GrantAll=false", "Limits:Idle=30.00:00:00", "Accounts:TokenLifetime=90.00:00:00");
        _me = await VipClient.SignInAsync(_host, "+15550000001");
    }

    public async ValueTask DisposeAsync()
    {
        await _me.DisposeAsync();
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_superlike_and_who_liked_me_need_levels_until_right_before_their_end()
    {
        var people = new List<long>();
        for (var i = 0; i < 5; i++)
            people.Add(await NewPersonAsync());
        await AssertDeniedAsync("superlike", Opcode.Swipe, new SwipeRequest(people[0], SwipeKind.Superlike));
        await AssertDeniedAsync("who_liked_me", Opcode.LikedMe, new LikedMeRequest(null));
        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.Swipe, new SwipeRequest(people[0], SwipeKind.Like))).Status);

        await GrantAsync(1, 1);
        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.Swipe, new SwipeRequest(people[1], SwipeKind.Superlike))).Status);
        await AssertDeniedAsync("who_liked_me", Opcode.LikedMe, new LikedMeRequest(null));
        await GrantAsync(3, 1);
        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.LikedMe, new LikedMeRequest(null))).Status);

        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.Swipe, new SwipeRequest(people[2], SwipeKind.Superlike))).Status);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await AssertDeniedAsync("superlike", Opcode.Swipe, new SwipeRequest(people[3], SwipeKind.Superlike));
        await AssertDeniedAsync("who_liked_me", Opcode.LikedMe, new LikedMeRequest(null));
    }

    [Fact]
    public async Task A_day_has_a_hundred_likes_and_no_more_and_rewinds_need_a_level()
    {
        for (var i = 1; i < SwipeRules.LikesADay; i++)
            Assert.Equal(StatusCode.Ok, await LikeSomebodyAsync());
        Assert.Equal((0, 1L), await LeftAsync());
        Assert.Equal(StatusCode.Ok, await LikeSomebodyAsync());
        Assert.Equal((0, 0L), await LeftAsync());
        Assert.Equal(StatusCode.LikeQuota, await LikeSomebodyAsync());
        var disliked = new SwipeRequest(await NewPersonAsync(), SwipeKind.Dislike);
        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.Swipe, disliked)).Status);
        await AssertDeniedAsync("rewind", Opcode.Rewind, default(NoArgs));

        // Silver rewinds, gold has no limit besides.
        await GrantAsync(2, 1);
        Assert.Equal(StatusCode.LikeQuota, await LikeSomebodyAsync());
        Assert.Equal(disliked.Sid, (await _me.AskAsync<NoArgs, RewindReply>(Opcode.Rewind, default)).Sid);
        Assert.Equal(SwipeKind.Like, (await _me.AskAsync<NoArgs, RewindReply>(Opcode.Rewind, default)).Kind);
        Assert.Equal((1, 1L), await LeftAsync());
        Assert.Equal(StatusCode.Ok, await LikeSomebodyAsync());
        await GrantAsync(3, 1);
        Assert.Equal((1, null), await LeftAsync());
        Assert.Equal(StatusCode.Ok, await LikeSomebodyAsync());

        async Task<StatusCode> LikeSomebodyAsync() =>
            (await _me.CallAsync(Opcode.Swipe, new SwipeRequest(await NewPersonAsync(), SwipeKind.Like))).Status;

        async Task<(int, long?)> LeftAsync()
        {
            var left = await _me.AskAsync<NoArgs, UndoLeftReply>(Opcode.UndoLeft, default);
            return (left.RewindsLeft, left.LikesLeft);
        }
    }

    [Fact]
    public async Task The_level_is_told_by_my_vip_the_profile_and_pushes_and_is_0_from_its_end_on()
    {
        var other = await VipClient.SignInAsync(_host, "+15550000002");
        Assert.Equal("0 basic 0 ", Text(await _me.AskAsync<NoArgs, MyVipReply>(Opcode.MyVip, default)));
        var ends = Now + 86_400_000;
        await GrantAsync(2, 1);
        Assert.Equal($"2 silver {ends} superlike,rewind", Text(await _me.AskAsync<NoArgs, MyVipReply>(Opcode.MyVip, default)));
        await AssertInProfilesAsync(2, ends);
        Assert.Equal(new VipPush(2, ends), await _me.NextPushAsync<VipPush>(Opcode.Vip));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("0 basic 0 ", Text(await _me.AskAsync<NoArgs, MyVipReply>(Opcode.MyVip, default)));
        await AssertInProfilesAsync(0, 0);
        // Ends are looked for once a second.
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new VipPush(0, 0), await _me.NextPushAsync<VipPush>(Opcode.Vip));
        await AssertInProfilesAsync(0, 0);
        await other.DisposeAsync();

        async Task AssertInProfilesAsync(int level, long ends)
        {
            foreach (var client in new[] { _me, other })
            {
                var profile = (await client.AskAsync<ProfileRequest, ProfileReply>(Opcode.Profile, new ProfileRequest(_me.Uid))).Profile;
                Assert.Equal((level, ends), (profile.VipLevel, profile.VipEnd));
            }
        }
    }

    [Fact]
    public async Task The_table_is_told_and_what_changes_in_it_counts_at_once()
    {
        var levels = (await _me.AskAsync<NoArgs, VipLevelsReply>(Opcode.VipLevels, default)).Levels;
        Assert.Equal(["basic", "bronze", "silver", "gold"], levels.Select(level => level.Name));
        Assert.Equal([new(30, 10, "coins"), new(180, 50, "coins"), new(365, 90, "coins")], levels[1].Prices);
        await AssertDeniedAsync("who_liked_me", Opcode.LikedMe, new LikedMeRequest(null));

        Assert.True((await _host.Engine.Vip.ChangeLevelAsync(0, new VipLevelChange("free", ["who_liked_me"]))).IsOk);

        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.LikedMe, new LikedMeRequest(null))).Status);
        Assert.Equal("free", (await _me.AskAsync<NoArgs, VipLevelsReply>(Opcode.VipLevels, default)).Levels[0].Name);
    }

    [Fact]
    public async Task Looking_for_people_elsewhere_needs_a_level_and_what_was_set_with_it_has_no_effect_without()
    {
        var far = await NewPersonAsync(profile => profile with { Location = "Odesa", Place = new Place(46.48, 30.73) });
        await ChangeAsync(new() { Location = "Lviv", Lat = 49.84, Lon = 24.03, DatingSex = Sex.Female });
        await AssertDeniedAsync("any_location", Opcode.UpdateProfile, Dating("Odesa"));
        await ChangeAsync(new() { DatingLocation = "" });
        await ChangeAsync(new() { DatingLocation = "Lviv" });
        // Whoever moves may look around there.
        await ChangeAsync(new() { Location = "Kyiv", DatingLocation = "Kyiv" });
        await AssertDeniedAsync("any_location", Opcode.UpdateProfile, Dating("Lviv"));
        Assert.Empty(await DeckAsync());

        await GrantAsync(3, 1);
        await ChangeAsync(new() { DatingLocation = "Odesa" });
        Assert.Equal([far], await DeckAsync());

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await DeckAsync());
        // An app may send all fields along.
        await ChangeAsync(new() { Nickname = "Ann", DatingLocation = "Odesa" });
        await AssertDeniedAsync("any_location", Opcode.UpdateProfile, Dating("Lviv"));
        await GrantAsync(3, 1);
        Assert.Equal([far], await DeckAsync());
    }

    [Fact]
    public async Task In_Development_everything_is_free_unless_told_otherwise()
    {
        await using var host = await TestHost.StartAsync();
        await using var me = await VipClient.SignInAsync(host, "+15550000003");
        Assert.Equal(StatusCode.Ok, (await me.CallAsync(Opcode.LikedMe, new LikedMeRequest(null))).Status);
        Assert.Equal(
            "0 basic 0 superlike,rewind,who_liked_me,unlimited_likes,any_location",
            Text(await me.AskAsync<NoArgs, MyVipReply>(Opcode.MyVip, default)));
    }

    private static UpdateProfileRequest Dating(string location) => new(new ProfileChange { DatingLocation = location });

    private static string Text(MyVipReply mine) => $"{mine.Level} {mine.Name} {mine.Ends} {string.Join(',', mine.Permissions)}";

    private async Task GrantAsync(int level, int days) =>
        Assert.True((await _host.Engine.Vip.GrantAsync(_me.Uid, level, days, Now)).IsOk);

    private async Task ChangeAsync(ProfileChange change) =>
        Assert.Equal(StatusCode.Ok, (await _me.CallAsync(Opcode.UpdateProfile, new UpdateProfileRequest(change))).Status);

    private async Task<long[]> DeckAsync() =>
        [.. (await _me.AskAsync<DeckRequest, DeckReply>(Opcode.Deck, new DeckRequest(30))).People.Select(person => person.Uid)];

    private async Task AssertDeniedAsync<TRequest>(string permission, Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest>
    {
        var reply = await _me.CallAsync(opcode, request);
        Assert.Equal((StatusCode.VipRequired, permission), (reply.Status, reply.Message));
    }

    private async Task<long> NewPersonAsync(Func<Profile, Profile>? shape = null)
    {
        var uid = _host.Engine.NewUid();
        var profile = Profile.New(uid, $"+1556{uid % 10_000_000:D7}", Now) with { Sex = Sex.Female, Birthday = new DateOnly(2000, 1, 1) };
        Assert.True(await _host.Engine.CreateUserAsync(shape?.Invoke(profile) ?? profile));
        return uid;
    }
}
