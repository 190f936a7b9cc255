using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace Swiper.Client.Tests;

public class RealHostTests(RealHost host) : IClassFixture<RealHost>
{
    [Fact]
    public async Task The_client_learns_the_servers_limits()
    {
        await using var client = await SwiperClient.ConnectAsync(host.Tcp).Soon();

        Assert.StartsWith("swiper/", client.Server.Server);
        Assert.Equal(65536, client.Server.MaxFrame);
        Assert.Equal(client.Server.MaxInFlight, (await client.HelloAsync().Soon()).MaxInFlight);
        Assert.InRange((await client.PingAsync().Soon()).Now, client.Server.Now, long.MaxValue);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thousands_of_echoes_each_come_back_to_their_caller(bool inline)
    {
        await using var client = await SwiperClient.ConnectAsync(host.Tcp with { InlineCompletions = inline }).Soon();

        var echoes = Enumerable.Range(0, 5000).Select(async number =>
        {
            var array = Frames.Array(number, new string('x', number % 300));
            Assert.Equal(array, (await client.EchoAsync(array)).ToArray());
        });

        await Task.WhenAll(echoes).Soon();
    }

    [Fact]
    public async Task Tls_works_where_the_app_trusts_the_certificate()
    {
        var options = new SwiperClientOptions
        {
            Port = host.TlsPort,
            ValidateCertificate = (_, certificate, _, _) => certificate!.Subject == "CN=Swiper development",
        };
        await using var client = await SwiperClient.ConnectAsync(options).Soon();
        await client.EchoAsync(Frames.Array(new string('x', 60_000))).Soon();
    }

    [Fact]
    public async Task Tls_fails_where_nobody_vouches_for_the_certificate()
    {
        var failed = await Assert.ThrowsAsync<SwiperConnectionException>(
            () => SwiperClient.ConnectAsync(new SwiperClientOptions { Port = host.TlsPort }).Soon());

        Assert.Contains("no TLS with", failed.Message);
    }

    [Fact]
    public async Task A_host_that_was_killed_is_come_back_to_and_the_user_is_still_signed_in()
    {
        await using var client = await SwiperClient.ConnectAsync(
            host.Tcp with { RetrySafeRequests = true, MaxReconnectDelay = TimeSpan.FromSeconds(1) }).Soon();
        await host.LogInAsync(client);
        var uid = client.Uid;
        var states = Channel.CreateUnbounded<ConnectionState>();
        client.StateChanged += (_, change) => states.Writer.TryWrite(change.State);

        await host.KillAsync();
        Assert.Equal(ConnectionState.Reconnecting, await states.Reader.ReadAsync().Soon());
        var asked = client.ProfileAsync();
        await host.StartAsync();

        Assert.Equal(uid, (await asked.Soon()).Uid);
        Assert.Equal(uid, client.Uid);
    }

    [Fact]
    public async Task Whoever_never_had_a_push_hears_of_what_happened_while_the_connection_was_lost()
    {
        await using var bob = await SwiperClient.ConnectAsync(host.Tcp with { MaxReconnectDelay = TimeSpan.FromSeconds(1) }).Soon();
        await host.LogInAsync(bob);
        using var superliked = new ManualResetEventSlim();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bob.StateChanged += (_, change) =>
        {
            // The client tries to come back once this has returned.
            if (change.State == ConnectionState.Reconnecting && lost.TrySetResult())
                superliked.Wait(Patience.Limit);
        };

        await host.KillAsync();
        await lost.Task.Soon();
        await host.StartAsync();
        await using var ann = await SwiperClient.ConnectAsync(host.Tcp).Soon();
        await host.LogInAsync(ann);
        await ann.SwipeAsync(bob.Uid!.Value, SwipeKind.Superlike).Soon();
        superliked.Set();

        await using var bobHears = bob.Pushes.GetAsyncEnumerator();
        var push = Assert.IsType<SwiperPush.Superliked>(await Pushes.PushTests.NextAsync(bobHears));
        Assert.Equal((1L, ann.Uid), (push.Seq, push.Uid));
    }

    [Fact]
    public async Task A_client_written_from_the_protocol_alone_works_too()
    {
        ProcessStartInfo start = new("python3", [RealHost.PythonClient, "--port", $"{host.Port}", "--outbox", host.Outbox])
        {
            RedirectStandardOutput = true,
        };
        Process python;
        try
        {
            python = Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no python3 here");
            return;
        }
        using (python)
        {
            var output = await python.StandardOutput.ReadToEndAsync().Soon();
            await python.WaitForExitAsync().Soon();
            Assert.Equal((0, "ok"), (python.ExitCode, output.TrimEnd().Split('\n')[^1]));
        }
    }

    [Fact]
    public async Task Two_people_who_like_each_other_both_hear_of_it()
    {
        await using var ann = await SwiperClient.ConnectAsync(host.Tcp).Soon();
        await using var bob = await SwiperClient.ConnectAsync(host.Tcp).Soon();
        await host.LogInAsync(ann);
        await host.LogInAsync(bob);

        var swipes = await Task.WhenAll(
            ann.SwipeAsync(bob.Uid!.Value, SwipeKind.Like).AsTask(),
            bob.SwipeAsync(ann.Uid!.Value, SwipeKind.Like).AsTask()).Soon();

        Assert.Single(swipes, swipe => swipe.Matched);
        await using var annHears = ann.Pushes.GetAsyncEnumerator();
        await using var bobHears = bob.Pushes.GetAsyncEnumerator();
        Assert.Equal(bob.Uid, Assert.IsType<SwiperPush.Matched>(await Pushes.PushTests.NextAsync(annHears)).Uid);
        Assert.Equal(ann.Uid, Assert.IsType<SwiperPush.Matched>(await Pushes.PushTests.NextAsync(bobHears)).Uid);
    }
}
