using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IDeviceRepository"/> promises.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class DeviceContract(ClusterServers servers) : EngineContract(servers)
{
    private const long Hour = 60 * 60 * 1000;

    private IDeviceRepository Devices => Engine.Devices;

    [Theory, OnEveryEngine]
    public async Task Each_login_is_a_device_and_those_seen_last_are_listed_first_also_by_a_new_engine(EngineKind engine)
    {
        await StartAsync(engine);
        var (ann, bob) = (await NewPersonAsync(), await NewPersonAsync());
        var now = Now;
        var phone = await LogInAsync(ann, now, "Swiper for Phones 1.0");
        var tablet = await LogInAsync(ann, now + 2, "Łaptop 🐻");
        await LogInAsync(bob, now + 1, "bob's");

        SignedInDevice[] expected =
        [
            new(tablet.TokenId, "Łaptop 🐻", now + 2, now + 2, Current: false),
            new(phone.TokenId, "Swiper for Phones 1.0", now, now, Current: true),
        ];
        Assert.Equal(expected, await Devices.ReadAsync(ann.Uid, phone.TokenId, now + 2));
        await ReopenAsync();
        Assert.Equal(expected, await Devices.ReadAsync(ann.Uid, phone.TokenId, now + 2));
        Assert.Empty(await Devices.ReadAsync((await NewPersonAsync()).Uid, phone.TokenId, now + 2));
    }

    [Theory, OnEveryEngine]
    public async Task A_name_may_have_a_hundred_bytes(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = await NewPersonAsync();
        foreach (var name in new[] { new string('x', 100), string.Concat(Enumerable.Repeat("🐻", 25)), "" })
        {
            var device = await LogInAsync(ann, Now, name);
            Assert.Equal(name, (await Devices.ReadAsync(ann.Uid, 0, Now)).Single(shown => shown.DeviceId == device.TokenId).Client);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_device_that_is_seen_is_noted_once_an_hour_and_at_once_if_the_app_has_another_name(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = await NewPersonAsync();
        var start = Now;
        var device = await LogInAsync(ann, start, "app 1");
        await AssertSeenAsync(at: start + Hour - 1, "app 1", shown: new(device.TokenId, "app 1", start, start, Current: true));
        await AssertSeenAsync(at: start + Hour - 1, "", shown: new(device.TokenId, "app 1", start, start, Current: true));
        await AssertSeenAsync(at: start + Hour, "", shown: new(device.TokenId, "app 1", start, start + Hour, Current: true));
        await AssertSeenAsync(at: start + Hour + 1, "app 2", shown: new(device.TokenId, "app 2", start, start + Hour + 1, Current: true));
        // A clock that was far ahead is right again.
        await AssertSeenAsync(at: start, "app 2", shown: new(device.TokenId, "app 2", start, start, Current: true));

        async Task AssertSeenAsync(long at, string client, SignedInDevice shown)
        {
            Assert.True(await Devices.SeeAsync(device, client, at));
            Assert.Equal(shown, Assert.Single(await Devices.ReadAsync(ann.Uid, device.TokenId, at)));
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_token_of_an_older_version_is_good_and_a_device_once_it_is_seen(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = await NewPersonAsync();
        var older = SigningIn.NewDevice(ann.Uid, Now);
        Assert.False(await Devices.IsRevokedAsync(ann.Uid, older.TokenId));
        Assert.Empty(await Devices.ReadAsync(ann.Uid, 0, Now));

        Assert.True(await Devices.SeeAsync(older, "app", Now));
        var now = Now;
        var shown = Assert.Single(await Devices.ReadAsync(ann.Uid, older.TokenId, now));
        Assert.Equal((older.TokenId, "app", true), (shown.DeviceId, shown.Client, shown.Current));
        await Devices.LogOutAsync(older);
        Assert.False(await Devices.SeeAsync(older, "app", Now));
        Assert.Empty(await Devices.ReadAsync(ann.Uid, 0, Now));
    }

    [Theory]
    [OnEveryEngine(true)]
    [OnEveryEngine(false)]
    public async Task The_sixteenth_device_signs_nobody_out_and_the_seventeenth_the_one_unseen_for_longest(EngineKind engine, bool byLogin)
    {
        await StartAsync(engine);
        var ann = await NewPersonAsync();
        var start = Now;
        var devices = new List<Identity>();
        for (var index = 0; index < IDeviceRepository.Most; index++)
            devices.Add(await LogInAsync(ann, start + index));
        Assert.Equal(IDeviceRepository.Most, (await Devices.ReadAsync(ann.Uid, 0, start)).Count);
        // The first comes back after the second, which is now the one that was not seen for longest.
        Assert.True(await Devices.SeeAsync(devices[0], "", start + Hour));
        var (first, second) = (SignIn(ann.Uid, devices[0].TokenId), SignIn(ann.Uid, devices[1].TokenId));

        if (byLogin)
            devices.Add(await LogInAsync(ann, start + Hour));
        else
        {
            devices.Add(SigningIn.NewDevice(ann.Uid, start));
            Assert.True(await Devices.SeeAsync(devices[^1], "", start + Hour));
        }

        Assert.Equal(SignedOutPush.Replaced, await second.NextReasonAsync());
        Assert.Equal(
            devices.Where((_, index) => index != 1).Select(device => device.TokenId).Order(),
            (await Devices.ReadAsync(ann.Uid, 0, start)).Select(device => device.DeviceId).Order());
        Assert.True(await Devices.IsRevokedAsync(ann.Uid, devices[1].TokenId));
        Assert.False(await Devices.SeeAsync(devices[1], "", start + Hour));
        await ReopenAsync();
        Assert.False(await Devices.SeeAsync(devices[1], "", start + Hour));
        Assert.True(await Devices.SeeAsync(devices[0], "", start + Hour));

        // It is the first thing that the other one is told.
        await Devices.SignOutAsync(ann.Uid, devices[2].TokenId, devices[0].TokenId);
        Assert.Equal(SignedOutPush.SignedOut, await first.NextReasonAsync());
    }

    [Theory, OnEveryEngine]
    public async Task However_many_log_in_at_the_same_instant_sixteen_devices_remain_whose_tokens_are_good(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = await NewPersonAsync();
        var devices = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => LogInAsync(ann, Now))));
        var left = (await Devices.ReadAsync(ann.Uid, 0, Now)).Select(device => device.DeviceId).ToArray();
        Assert.Equal(IDeviceRepository.Most, left.Length);
        foreach (var device in devices)
            Assert.Equal(left.Contains(device.TokenId), await Devices.SeeAsync(device, "", Now));
    }

    [Theory, OnEveryEngine]
    public async Task A_device_is_signed_out_with_its_connections_and_no_other(EngineKind engine)
    {
        await StartAsync(engine);
        var (ann, bob) = (await NewPersonAsync(), await NewPersonAsync());
        var (phone, tablet, bobs) = (await LogInAsync(ann, Now), await LogInAsync(ann, Now), await LogInAsync(bob, Now));
        Device[] connections = [SignIn(ann.Uid, tablet.TokenId), SignIn(ann.Uid, tablet.TokenId)];
        var mine = SignIn(ann.Uid, phone.TokenId);

        // What the user does not have is signed out as it is.
        Assert.True(await Devices.SignOutAsync(ann.Uid, phone.TokenId, bobs.TokenId));
        Assert.True(await Devices.SignOutAsync(ann.Uid, phone.TokenId, 12345));
        Assert.True(await Devices.SeeAsync(bobs, "", Now));
        Assert.Equal(2, (await Devices.ReadAsync(ann.Uid, 0, Now)).Count);

        Assert.True(await Devices.SignOutAsync(ann.Uid, phone.TokenId, tablet.TokenId));
        Assert.True(await Devices.SignOutAsync(ann.Uid, phone.TokenId, tablet.TokenId));
        foreach (var connection in connections)
            Assert.Equal(SignedOutPush.SignedOut, await connection.NextReasonAsync());
        Assert.False(await Devices.SeeAsync(tablet, "", Now));
        Assert.Equal(phone.TokenId, Assert.Single(await Devices.ReadAsync(ann.Uid, 0, Now)).DeviceId);
        // Who is signed out signs nobody out.
        Assert.False(await Devices.SignOutAsync(ann.Uid, tablet.TokenId, phone.TokenId));
        Assert.True(await Devices.SeeAsync(phone, "", Now));

        Assert.True(await Devices.SignOutAsync(ann.Uid, phone.TokenId, phone.TokenId));
        Assert.Equal(SignedOutPush.SignedOut, await mine.NextReasonAsync());
        await ReopenAsync();
        Assert.False(await Devices.SeeAsync(phone, "", Now));
        Assert.False(await Devices.SeeAsync(tablet, "", Now));
        Assert.Empty(await Devices.ReadAsync(ann.Uid, 0, Now));
    }

    [Theory, OnEveryEngine]
    public async Task All_others_are_signed_out_also_those_with_a_token_that_was_never_seen(EngineKind engine)
    {
        await StartAsync(engine);
        var (ann, bob) = (await NewPersonAsync(), await NewPersonAsync());
        var mine = await LogInAsync(ann, Now);
        var others = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => LogInAsync(ann, Now)));
        var (neverSeen, bobs) = (SigningIn.NewDevice(ann.Uid, Now), SigningIn.NewDevice(bob.Uid, Now));

        Assert.True(await Devices.SignOutAsync(ann.Uid, mine.TokenId, deviceId: null));
        await AssertAsync();
        await ReopenAsync();
        await AssertAsync();
        Assert.True(await Devices.SignOutAsync(ann.Uid, mine.TokenId, deviceId: null));
        // Later logins are as good as ever.
        var again = await LogInAsync(ann, Now);
        Assert.True(await Devices.SeeAsync(again, "", Now));
        Assert.Equal(2, (await Devices.ReadAsync(ann.Uid, 0, Now)).Count);

        async Task AssertAsync()
        {
            foreach (var other in others.Append(neverSeen))
            {
                Assert.True(await Devices.IsRevokedAsync(ann.Uid, other.TokenId));
                Assert.False(await Devices.SeeAsync(other, "app", Now));
            }

            Assert.False(await Devices.IsRevokedAsync(ann.Uid, mine.TokenId));
            Assert.True(await Devices.SeeAsync(mine, "", Now));
            Assert.False(await Devices.IsRevokedAsync(bob.Uid, bobs.TokenId));
            Assert.Equal(mine.TokenId, Assert.Single(await Devices.ReadAsync(ann.Uid, 0, Now)).DeviceId);
        }
    }

    [Theory, OnEveryEngine]
    public async Task Of_two_devices_that_sign_each_other_out_at_the_same_instant_one_stays(EngineKind engine)
    {
        await StartAsync(engine);
        for (var round = 0; round < 30; round++)
        {
            var ann = await NewPersonAsync();
            var (one, other) = (await LogInAsync(ann, Now), await LogInAsync(ann, Now));
            var isAll = round % 2 == 0;
            var done = await Task.WhenAll(
                Task.Run(() => Devices.SignOutAsync(ann.Uid, one.TokenId, isAll ? null : other.TokenId).AsTask()),
                Task.Run(() => Devices.SignOutAsync(ann.Uid, other.TokenId, isAll ? null : one.TokenId).AsTask()));
            Assert.True(done[0] ^ done[1]);
            Assert.Equal(done[0], await Devices.SeeAsync(one, "", Now));
            Assert.Equal(done[1], await Devices.SeeAsync(other, "", Now));
        }
    }

    [Theory]
    [OnEveryEngine(true)]
    [OnEveryEngine(false)]
    public async Task A_device_that_comes_back_while_it_is_signed_out_is_not_listed_afterwards(EngineKind engine, bool isListed)
    {
        await StartAsync(engine);
        for (var round = 0; round < 30; round++)
        {
            var ann = await NewPersonAsync();
            var mine = await LogInAsync(ann, Now);
            var other = isListed ? await LogInAsync(ann, Now - 2 * Hour) : SigningIn.NewDevice(ann.Uid, Now);
            var coming = Enumerable.Range(0, 4).Select(number => Task.Run(() => Devices.SeeAsync(other, $"app {number}", Now).AsTask()));
            await Task.WhenAll([.. coming, Task.Run(() => Devices.SignOutAsync(ann.Uid, mine.TokenId, null).AsTask())]);

            Assert.True(await Devices.IsRevokedAsync(ann.Uid, other.TokenId));
            Assert.Equal(mine.TokenId, Assert.Single(await Devices.ReadAsync(ann.Uid, 0, Now)).DeviceId);
        }
    }

    [Theory, OnEveryEngine]
    public async Task A_device_that_logs_out_is_gone_for_good_and_no_other_is(EngineKind engine)
    {
        await StartAsync(engine);
        var ann = await NewPersonAsync();
        var (phone, tablet) = (await LogInAsync(ann, Now), await LogInAsync(ann, Now));
        await Devices.LogOutAsync(phone);
        await Devices.LogOutAsync(phone);
        await AssertAsync();
        await ReopenAsync();
        await AssertAsync();

        async Task AssertAsync()
        {
            Assert.True(await Devices.IsRevokedAsync(ann.Uid, phone.TokenId));
            Assert.False(await Devices.SeeAsync(phone, "", Now));
            Assert.False(await Devices.IsRevokedAsync(ann.Uid, tablet.TokenId));
            Assert.Equal(tablet.TokenId, Assert.Single(await Devices.ReadAsync(ann.Uid, 0, Now)).DeviceId);
        }
    }

    private async Task<Identity> LogInAsync(Profile person, long now, string client = "app")
    {
        var device = SigningIn.NewDevice(person.Uid, now);
        Assert.False(await Engine.Accounts.SignInAsync(device, person.Phone, client, now));
        return device;
    }
}
