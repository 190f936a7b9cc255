using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What is over after some time, by a clock that the tests move: it is not shown any more, and its rows are deleted.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class PruningContract(ClusterServers servers) : EngineContract(servers)
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    protected override TimeProvider Clock => _clock;

    [Theory, OnEveryEngine]
    public async Task A_device_is_gone_with_its_token_and_counts_no_more_among_the_sixteen(EngineKind engine)
    {
        await StartAsync(engine);
        var (ann, bob) = (await NewPersonAsync(), await NewPersonAsync());
        var older = new List<Identity>();
        for (var index = 0; index < IDeviceRepository.Most; index++)
            older.Add(await LogInAsync(ann));
        await LogInAsync(bob);
        await Engine.Devices.LogOutAsync(older[^1]);
        _clock.Advance(SigningIn.TokenLifetime - TimeSpan.FromMilliseconds(1));
        Assert.Equal(IDeviceRepository.Most - 1, (await Engine.Devices.ReadAsync(ann.Uid, 0, Now)).Count);
        Assert.Equal(1, await CountAsync("revoked"));

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Empty(await Engine.Devices.ReadAsync(ann.Uid, 0, Now));
        // None of those that have expired is told that it is one too many.
        var current = await LogInAsync(ann);
        Assert.Equal(current.TokenId, Assert.Single(await Engine.Devices.ReadAsync(ann.Uid, 0, Now)).DeviceId);
        Assert.False(await Engine.Devices.IsRevokedAsync(ann.Uid, older[0].TokenId));

        await ReopenAsync();
        Assert.Equal(1, await CountAsync("devices"));
        Assert.Equal(0, await CountAsync("revoked"));
        Assert.True(await Engine.Devices.SeeAsync(current, "", Now));
    }

    [Theory, OnEveryEngine]
    public async Task A_device_that_stays_connected_is_seen_every_hour_and_others_are_not(EngineKind engine)
    {
        await StartAsync(engine);
        var people = new List<(long Uid, Identity Connected, Identity Away)>();
        for (var number = 0; number < 8; number++)
        {
            var person = await NewPersonAsync();
            people.Add((person.Uid, await LogInAsync(person), await LogInAsync(person)));
            SignIn(person.Uid, people[^1].Connected.TokenId);
        }

        var start = Now;
        for (var hour = 1; hour <= 3; hour++)
        {
            _clock.Advance(IDeviceRepository.SeenWithin);
            foreach (var (uid, connected, away) in people)
            {
                await Eventually.HoldsAsync(
                    async () => await LastSeenAsync(connected) > Now - IDeviceRepository.SeenWithin.TotalMilliseconds, "being seen");
                Assert.Equal(start, await LastSeenAsync(away));
            }
        }

        async Task<long> LastSeenAsync(Identity identity) => (await Engine.Devices.ReadAsync(identity.Uid, 0, Now))
            .Single(device => device.DeviceId == identity.TokenId).LastSeen;
    }

    [Theory, OnEveryEngine]
    public async Task A_push_is_kept_for_seven_days_and_then_deleted_but_for_its_number(EngineKind engine)
    {
        await StartAsync(engine);
        var people = await NewPeopleAsync(6);
        var me = people[0];
        var start = Now;
        await SwipeAsync(people[1], me, SwipeKind.Superlike);
        _clock.Advance(TimeSpan.FromDays(1));
        await SwipeAsync(people[2], me, SwipeKind.Superlike);
        await SwipeAsync(people[3], people[4], SwipeKind.Superlike);
        await QuietAsync();
        _clock.Advance(IPushRepository.KeptFor - TimeSpan.FromDays(1));
        Assert.Equal([1, 2], await SeqsAsync());
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([2], await SeqsAsync());

        await ReopenAsync();
        Assert.Equal(0, await CountAsync("pushes WHERE at = @start", new { start }));
        Assert.Equal(2, await CountAsync("pushes"));
        var kept = await Engine.Pushes.ReadAfterAsync(me, 0);
        Assert.Equal((2, 2), (kept.LastSeq, Assert.Single(kept.Pushes).Seq));

        // Also without a restart, within the hour. A device that was away hears that it has missed them, and the numbers go on.
        _clock.Advance(TimeSpan.FromDays(1));
        await Eventually.HoldsAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromHours(1));
                return await CountAsync("pushes") == 0;
            },
            "no pushes");
        Assert.Equal(2, (await Engine.Pushes.ReadAfterAsync(me, 0)).LastSeq);
        var device = SignIn(me);
        await SwipeAsync(people[5], me, SwipeKind.Superlike);
        Assert.Equal(3, (await device.NextAsync()).Seq);
        Assert.Equal([3], await SeqsAsync());

        async Task<IEnumerable<long>> SeqsAsync() => (await PushesAsync(me)).Select(push => push.Seq);
    }

    [Theory, OnEveryEngine]
    public async Task However_many_pushes_are_too_old_all_of_them_are_deleted(EngineKind engine)
    {
        // More than are deleted at a time, of one moment and of many.
        const int Fans = 40;
        await StartAsync(engine);
        var people = await NewPeopleAsync(Fans);
        foreach (var fan in people)
        {
            await Task.WhenAll(people.Where(other => other != fan)
                .Select(other => Task.Run(() => SwipeAsync(fan, other, SwipeKind.Superlike))));
            if (fan != people[0])
                _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await QuietAsync();
        Assert.InRange(await CountAsync("pushes"), 2000, long.MaxValue);
        _clock.Advance(IPushRepository.KeptFor + TimeSpan.FromSeconds(1));
        await ReopenAsync();
        await Eventually.HoldsAsync(async () => await CountAsync("pushes") == 0, "no pushes");
    }

    private async Task<Identity> LogInAsync(Profile person)
    {
        var device = SigningIn.NewDevice(person.Uid, Now);
        Assert.False(await Engine.Accounts.SignInAsync(device, person.Phone, "app", Now));
        return device;
    }
}
