using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Tests.Connections;

namespace Swiper.Host.Tests.Accounts;

/// <summary>What a connection is sent of the pushes that it missed, on the whole server.</summary>
[Collection(nameof(Alone))]
public sealed class MissedPushesTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Those_of_seven_days_are_sent_and_older_ones_are_reported()
    {
        await using var host = await TestHost.StartAsync(services => services.AddSingleton<TimeProvider>(_clock));
        var people = new People(host, _clock);
        var (uid, token) = await people.NewAsync();
        await people.SuperlikeAsync(uid, 2);
        _clock.Advance(TimeSpan.FromDays(3));
        await people.SuperlikeAsync(uid, 1);

        _clock.Advance(TimeSpan.FromDays(4));
        await AssertMissedAsync(lastPushSeq: 0, "702:1", "702:2", "702:3");
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await AssertMissedAsync(lastPushSeq: 0, "705:2 [1,2]", "702:3");
        await AssertMissedAsync(lastPushSeq: 1, "705:2 [2,2]", "702:3");
        await AssertMissedAsync(lastPushSeq: 2, "702:3");
        // Deleted by now, not only hidden.
        _clock.Advance(TimeSpan.FromHours(2));
        await AssertMissedAsync(lastPushSeq: 0, "705:2 [1,2]", "702:3");
        _clock.Advance(TimeSpan.FromDays(3));
        await AssertMissedAsync(lastPushSeq: 0, "705:3 [1,3]");
        await AssertMissedAsync(lastPushSeq: 3);
        await AssertMissedAsync(lastPushSeq: 4, "705:3 [1,3]");
        await people.SuperlikeAsync(uid, 1);
        await AssertMissedAsync(lastPushSeq: 1, "705:3 [2,3]", "702:4");

        async Task AssertMissedAsync(long lastPushSeq, params string[] expected)
        {
            await using var client = await host.ConnectAsync();
            Assert.Equal(expected, (await client.ResumeAsync(token, lastPushSeq)).Before.Select(Shown));
        }
    }

    [Fact]
    public async Task A_client_that_reads_too_slowly_is_cut_off_and_has_missed_nothing_when_it_comes_back()
    {
        const int MaxUnsent = 4096;
        const int Pushes = IPushRepository.Kept;
        await using var host = await TestHost.StartAsync($"Limits:MaxFrame={MaxUnsent}", $"Limits:MaxUnsent={MaxUnsent}");
        var people = new People(host, TimeProvider.System);
        var (uid, token) = await people.NewAsync();
        await using var slow = await host.ConnectAsync();
        await using var other = await host.ConnectAsync();
        await slow.ResumeAsync(token);
        await other.ResumeAsync(token);

        // Replies that it does not read fill all that there is room for.
        var sent = 0;
        var frame = Wire.Frame(Wire.Request(2, Opcode.Echo, (ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteBinary(new byte[MaxUnsent / 2]);
        }));
        var sending = SendAsync();
        await using (var third = await host.ConnectAsync())
            await BackPressureContract.UntilItStandsStill(() => Volatile.Read(ref sent), third);
        await people.SuperlikeAsync(uid, Pushes);

        await Assert.ThrowsAnyAsync<IOException>(() => sending);
        for (var seq = 1; seq <= Pushes; seq++)
            Assert.Equal($"702:{seq}", Shown(await other.NextAsync()));
        await using var back = await host.ConnectAsync();
        Assert.Equal(
            Enumerable.Range(1, Pushes).Select(seq => $"702:{seq}"), (await back.ResumeAsync(token, lastPushSeq: 0)).Before.Select(Shown));

        async Task SendAsync()
        {
            while (true)
            {
                await slow.SendAsync(frame);
                Interlocked.Increment(ref sent);
            }
        }
    }

    private static string Shown(ServerFrame push)
    {
        Assert.Equal(Envelope.PushType, push.Type);
        var shown = $"{push.Id}:{push.Code}";
        if (push.Id != (uint)Opcode.Missed)
            return shown;
        var missed = Resuming.Read<MissedPush>(push);
        return $"{shown} [{missed.FromSeq},{missed.ToSeq}]";
    }
}
