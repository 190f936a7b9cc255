using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using CodeRules = Swiper.Core.Accounts.CodeRules;

namespace Swiper.EndToEnd.Accounts;

public sealed class SigningInTests
{
    [Fact]
    public async Task The_first_login_of_a_phone_makes_a_user_and_the_second_finds_it()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        var phone = Outbox.NewPhone();

        var first = await host.SignInAsync(client, phone);
        var second = await host.SignInAsync(client, phone);

        Assert.True(first.Created);
        Assert.False(second.Created);
        Assert.Equal(first.Uid, second.Uid);
        Assert.NotEqual(first.Token, second.Token);
        Assert.True(first.Expires > DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_profile_outlives_a_restart_and_shows_others_no_more_than_they_may_see()
    {
        using var data = new ScratchFolder("end-to-end");
        long uid;
        string token;
        using (var host = await TestHost.StartAsync(data))
        {
            await using var client = await host.ConnectAsync();
            (uid, token, _, _, _) = await host.SignInAsync(client, Outbox.NewPhone());
            var changed = await client.UpdateProfileAsync(new ProfileChange
            {
                Nickname = "Ada", Sex = Sex.Female, Birthday = new DateOnly(1990, 12, 10), Location = "Berlin", Lat = 52.5, Lon = 13.4,
                Avatars = ["https://example.com/1.jpg", "https://example.com/2.jpg"], OnlyMatched = true,
            });
            Assert.Equal("Ada", changed.Nickname);
            Assert.Equal(0, await host.TerminateAsync());
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var again = await restarted.ConnectAsync();
        Assert.Equal(uid, (await again.ResumeAsync(token)).Uid);
        var own = await again.ProfileAsync();
        Assert.Equal(("Ada", Sex.Female, "Berlin"), (own.Nickname, own.Sex, own.Location));
        Assert.Equal(new DateOnly(1990, 12, 10), own.Birthday);
        Assert.Equal((52.5, 13.4), (own.Lat, own.Lon));
        Assert.Equal(2, own.Avatars.Count);

        await using var stranger = await restarted.ConnectAsync();
        await restarted.SignInAsync(stranger, Outbox.NewPhone());
        var seen = await stranger.ProfileAsync(uid);
        Assert.Equal("Ada", seen.Nickname);
        Assert.Null(seen.Phone);
        Assert.Null(seen.Birthday);
        Assert.Null(seen.Lat);
        Assert.InRange(seen.Age!.Value, 35, 120);
        Assert.Single(seen.Avatars);
    }

    [Fact]
    public async Task Logging_out_tells_the_other_connection_and_ends_the_token_for_good()
    {
        using var data = new ScratchFolder("end-to-end");
        string ended, kept;
        using (var host = await TestHost.StartAsync(data))
        {
            await using var phone = await host.ConnectAsync();
            await using var tablet = await host.ConnectAsync();
            await using var tabletPushes = new PushInbox(tablet);
            var number = Outbox.NewPhone();
            ended = (await host.SignInAsync(phone, number)).Token;
            await tablet.ResumeAsync(ended);
            await using var other = await host.ConnectAsync();
            kept = (await host.SignInAsync(other, number)).Token;

            await phone.LogOutAsync();

            var push = await tabletPushes.NextAsync<SwiperPush.SignedOut>();
            Assert.Equal(("logout", 0L), (push.Reason, push.Seq));
            Assert.Equal(StatusCode.LoginRequired, (await phone.TryProfileAsync()).Failure.Code);
            Assert.Equal(StatusCode.LoginRequired, (await tablet.TryProfileAsync()).Failure.Code);
            Assert.True((await other.TryProfileAsync()).IsOk, "another login of the same user goes on");
            Assert.Equal(StatusCode.TokenInvalid, (await phone.TryResumeAsync(ended)).Failure.Code);
            // Not a clean end: what was acknowledged must not need one.
            await host.KillAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var client = await restarted.ConnectAsync();
        Assert.Equal(StatusCode.TokenInvalid, (await client.TryResumeAsync(ended)).Failure.Code);
        Assert.True((await client.TryResumeAsync(kept)).IsOk);
    }

    [Fact]
    public async Task A_signed_in_connection_may_sign_in_as_another_and_gets_the_pushes_of_that_one_only()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 4);
        using var host = await TestHost.StartAsync(data);
        await using var phone = await host.ConnectAsync();
        await using var pushes = new PushInbox(phone);
        await using var carol = await host.ConnectAsync();
        await using var dave = await host.ConnectAsync();
        var (carolsUid, davesUid) = ((await carol.ResumeAsync(tokens[2])).Uid, (await dave.ResumeAsync(tokens[3])).Uid);
        var annsUid = (await phone.ResumeAsync(tokens[0], 0)).Uid;
        await carol.SwipeAsync(annsUid, SwipeKind.Superlike);
        Assert.Equal((1L, carolsUid), (await pushes.NextAsync<SwiperPush.Superliked>()) is var first ? (first.Seq, first.Uid) : default);

        // Refused, it changes nothing.
        Assert.Equal(StatusCode.TokenInvalid, (await phone.TryResumeAsync(tokens[1] + "x")).Failure.Code);
        Assert.Equal(annsUid, (await phone.ProfileAsync()).Uid);

        // The same again: what this connection has had comes once more.
        Assert.Equal(annsUid, (await phone.ResumeAsync(tokens[0], 0)).Uid);
        Assert.Equal((1L, carolsUid), (await pushes.NextAsync<SwiperPush.Superliked>()) is var again ? (again.Seq, again.Uid) : default);

        var bobsUid = (await phone.ResumeAsync(tokens[1], 0)).Uid;
        Assert.NotEqual(annsUid, bobsUid);
        Assert.Equal(bobsUid, (await phone.ProfileAsync()).Uid);
        await dave.SwipeAsync(annsUid, SwipeKind.Superlike);
        await dave.SwipeAsync(bobsUid, SwipeKind.Superlike);
        var push = await pushes.NextAsync<SwiperPush.Superliked>();
        Assert.Equal((1L, davesUid), (push.Seq, push.Uid));

        // Ann's token is as good as before.
        await using var tablet = await host.ConnectAsync();
        Assert.Equal(annsUid, (await tablet.ResumeAsync(tokens[0])).Uid);
    }

    [Fact]
    public async Task A_connection_is_signed_out_when_its_token_ends()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, "Accounts:TokenLifetime=00:00:02");
        await using var client = await host.ConnectAsync();
        await using var pushes = new PushInbox(client);
        await host.SignInAsync(client, Outbox.NewPhone());

        Assert.Equal("expired", (await pushes.NextAsync<SwiperPush.SignedOut>()).Reason);
        var refused = await Assert.ThrowsAsync<SwiperException>(async () => await client.ProfileAsync());
        Assert.Equal(StatusCode.LoginRequired, refused.Code);
    }

    [Fact]
    public async Task An_expired_token_is_refused_also_after_a_restart()
    {
        using var data = new ScratchFolder("end-to-end");
        string token;
        long expires;
        using (var host = await TestHost.StartAsync(data, "Accounts:TokenLifetime=00:00:01"))
        {
            await using var client = await host.ConnectAsync();
            (_, token, expires, _, _) = await host.SignInAsync(client, Outbox.NewPhone());
            await ClockReachesAsync(expires);
            Assert.Equal(StatusCode.TokenInvalid, (await client.TryResumeAsync(token)).Failure.Code);
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var again = await restarted.ConnectAsync();
        Assert.Equal(StatusCode.TokenInvalid, (await again.TryResumeAsync(token)).Failure.Code);
    }

    [Fact]
    public async Task A_token_of_another_server_or_with_a_changed_letter_is_refused()
    {
        using var data = new ScratchFolder("end-to-end");
        using var elsewhere = new ScratchFolder("end-to-end");
        var foreign = (await TestHost.MakeRobotsAsync(elsewhere, 1))[0];
        var own = (await TestHost.MakeRobotsAsync(data, 1))[0];
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        var middle = own.Length / 2;
        var forged = own[..middle] + (own[middle] == 'A' ? 'B' : 'A') + own[(middle + 1)..];

        Assert.Equal(StatusCode.TokenInvalid, (await client.TryResumeAsync(foreign)).Failure.Code);
        Assert.Equal(StatusCode.TokenInvalid, (await client.TryResumeAsync(forged)).Failure.Code);
        Assert.True((await client.TryResumeAsync(own)).IsOk);
    }

    [Fact]
    public async Task Five_wrong_codes_end_the_code_of_a_device_also_across_a_kill()
    {
        using var data = new ScratchFolder("end-to-end");
        var phone = Outbox.NewPhone();
        string code, nonce;
        using (var host = await TestHost.StartAsync(data))
        {
            await using var client = await host.ConnectAsync();
            nonce = (await client.RequestCodeAsync(phone)).Nonce!;
            code = host.NewestCode(phone);
            for (var wrong = 1; wrong < CodeRules.MaxTries; wrong++)
                Assert.Equal(StatusCode.BadCode, (await client.TryLogInAsync(phone, Outbox.WrongCode(code))).Failure.Code);
            await host.KillAsync();
        }

        using var restarted = await TestHost.StartAsync(data);
        await using var again = await restarted.ConnectAsync();
        Assert.Equal(StatusCode.LockedOut, (await again.TryLogInAsync(phone, Outbox.WrongCode(code), nonce)).Failure.Code);
        Assert.Equal(StatusCode.LockedOut, (await again.TryLogInAsync(phone, code, nonce)).Failure.Code);
        Assert.Equal(StatusCode.BadCode, (await again.TryLogInAsync(phone, code)).Failure.Code);
    }

    [Fact]
    public async Task A_stranger_who_guesses_locks_out_those_without_a_nonce_and_not_the_owner()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        await using var owner = await host.ConnectAsync();
        await using var stranger = await host.ConnectAsync();
        var phone = Outbox.NewPhone();
        await owner.RequestCodeAsync(phone);
        var code = host.NewestCode(phone);

        for (var wrong = 1; wrong < CodeRules.MaxTries; wrong++)
            Assert.Equal(StatusCode.BadCode, (await stranger.TryLogInAsync(phone, Outbox.WrongCode(code))).Failure.Code);
        for (var wrong = 0; wrong < 20; wrong++)
            Assert.Equal(StatusCode.LockedOut, (await stranger.TryLogInAsync(phone, Outbox.WrongCode(code))).Failure.Code);
        Assert.Equal(StatusCode.LockedOut, (await stranger.TryLogInAsync(phone, code)).Failure.Code);

        Assert.True((await owner.TryLogInAsync(phone, code)).IsOk);
    }

    [Fact]
    public async Task Guesses_made_at_the_same_instant_all_count()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        var phone = Outbox.NewPhone();
        await client.RequestCodeAsync(phone);
        var wrong = Outbox.WrongCode(host.NewestCode(phone));

        var guesses = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.TryLogInAsync(phone, wrong).AsTask()));

        Assert.Equal(CodeRules.MaxTries - 1, guesses.Count(guess => guess.Failure.Code == StatusCode.BadCode));
        Assert.Equal(50 - CodeRules.MaxTries + 1, guesses.Count(guess => guess.Failure.Code == StatusCode.LockedOut));
    }

    [Fact]
    public async Task A_code_signs_in_once()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        var phone = Outbox.NewPhone();
        await client.RequestCodeAsync(phone);
        var code = host.NewestCode(phone);

        var logins = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.TryLogInAsync(phone, code).AsTask()));

        Assert.Equal(1, logins.Count(login => login.IsOk));
        Assert.All(logins.Where(login => !login.IsOk), login => Assert.Equal(StatusCode.BadCode, login.Failure.Code));
        Assert.Equal(StatusCode.BadCode, (await client.TryLogInAsync(phone, code)).Failure.Code);
    }

    // The only thing to wait for is the clock itself.
    private static async Task ClockReachesAsync(long time)
    {
        while (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() <= time)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
    }
}
