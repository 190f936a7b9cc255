using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Authentication;
using Swiper.Core.Protocol;
using Swiper.Host.Options;
using Swiper.Host.Tests.Accounts;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollDeadlineTests() : DeadlineContract(TransportKind.Epoll);

public sealed class SocketsDeadlineTests() : DeadlineContract(TransportKind.Sockets);

/// <summary>Kestrel looks at deadlines once a second, so most of these take one to two.</summary>
public abstract class DeadlineContract(TransportKind transport) : OnATransport(transport)
{
    /// <summary>
    /// None, that of Production, under which who drips bytes has to wait, and one under which it waits most of the time.
    /// </summary>
    public static TheoryData<int> Paces => [0, 2000, 200];

    [Fact]
    public async Task A_connection_that_says_nothing_is_cut_off()
    {
        await using var host = await StartHostAsync("Limits:FirstFrame=00:00:00.2");
        await using var client = await host.ConnectAsync();
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [MemberData(nameof(Paces))]
    public async Task A_connection_that_never_ends_its_first_frame_is_cut_off(int pace)
    {
        await using var host = await StartHostAsync("Limits:FirstFrame=00:00:00.2", $"Limits:Pace={pace}");
        await using var client = await host.ConnectAsync();
        await AssertCutOffWhileSending(client);
    }

    [Theory]
    [MemberData(nameof(Paces))]
    public async Task One_byte_at_a_time_does_not_extend_the_deadline_of_a_frame(int pace)
    {
        await using var host = await StartHostAsync("Limits:Frame=00:00:00.2", $"Limits:Pace={pace}");
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(1, Opcode.Ping)).Status);
        await AssertCutOffWhileSending(client);
    }

    [Fact]
    public async Task A_client_that_does_not_take_its_replies_is_cut_off()
    {
        await using var host = await StartHostAsync("Limits:Send=00:00:00.2");
        await using var client = await host.ConnectAsync();
        await AssertCutOffWhileTakingNothing(client);
    }

    [Fact]
    public async Task A_client_over_TLS_that_does_not_take_its_replies_is_cut_off_and_its_place_is_free_again()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true", "Limits:Connections=1", "Limits:Send=00:00:00.2");
        await using var client = await ConnectOverTlsAsync(host);
        await AssertCutOffWhileTakingNothing(client);

        // Refused until the server has forgotten the first, which has not closed its side.
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await using var next = await ConnectOverTlsAsync(host);
                Assert.Equal(StatusCode.Ok, (await next.CallAsync(1, Opcode.Ping)).Status);
                return true;
            }
            catch (Exception exception) when (exception is IOException or AuthenticationException)
            {
                return false;
            }
        }, "a place for the next client");
    }

    [Fact]
    public async Task A_connection_on_which_nobody_signs_in_is_cut_off_however_much_it_asks()
    {
        // Time enough for the one who signs in on a busy machine.
        await using var host = await StartHostAsync("Limits:SignIn=00:00:10");
        var (uid, token) = await new People(host, TimeProvider.System).NewAsync();
        await using var user = await host.ConnectAsync();
        Assert.Equal(uid, (await user.ResumeAsync(token)).Reply.Uid);
        await using var stranger = await host.ConnectAsync();
        await Eventually.HoldsAsync(async () => await PingAsync(stranger) is null, "the stranger is cut off");
        Assert.Equal(StatusCode.Ok, (await user.CallAsync(1, Opcode.Ping)).Status);

        // Who signs out begins anew.
        Assert.Equal(StatusCode.Ok, (await user.CallAsync(2, Opcode.Logout)).Status);
        await Eventually.HoldsAsync(async () => await PingAsync(user) is null, "the one who signed out is cut off");

        static async Task<ServerFrame?> PingAsync(TestClient client)
        {
            try
            {
                await client.RequestAsync(3, Opcode.Ping);
                return await client.ReadAsync();
            }
            catch (IOException exception) when (exception.InnerException is SocketException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_connection_that_has_gone_quiet_is_cut_off()
    {
        await using var host = await StartHostAsync("Limits:Idle=00:00:00.2");
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(1, Opcode.Ping)).Status);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_connection_that_is_always_at_its_limit_of_requests_is_not_quiet()
    {
        const uint Requests = 650;
        await using var host = await StartHostAsync("Limits:InFlight=1", "Limits:FirstFrame=00:00:04");
        await using var client = await host.ConnectAsync();
        var watch = Stopwatch.StartNew();
        await client.SendAsync(
            (byte[])[.. Enumerable.Range(0, (int)Requests).SelectMany(id => Wire.Frame(Wire.Request((uint)id, TestSlice.Slow)))]);
        for (uint id = 0; id < Requests; id++)
            Assert.Equal((id, StatusCode.Ok), ((await client.NextAsync()) is var reply ? (reply.Id, reply.Status) : default));
        // Or the deadline was not tried.
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(5));
    }

    private static Task<TestClient> ConnectOverTlsAsync(TestHost host) =>
        TestClient.ConnectAsync(host.Tls, async stream => await TestClient.HandshakeAsync(stream));

    private static async Task AssertCutOffWhileTakingNothing(TestClient client)
    {
        var frame = Wire.Frame(Wire.Request(1, Opcode.Echo, (ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteBinary(new byte[32 * 1024]);
        }));
        // It never reads; before 320 MB are sent the server ends the connection, and long before an idle one would be.
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var sent = 0; sent < 10_000; sent++)
                await client.SendAsync(frame);
        });
    }

    // A frame of 1,000 bytes, a byte each 50 ms: it would take most of a minute.
    private static async Task AssertCutOffWhileSending(TestClient client)
    {
        var closed = client.ReadAsync();
        var frame = Wire.Frame(new byte[1000]);
        var sent = 0;
        try
        {
            while (!closed.IsCompleted)
            {
                await client.SendAsync(frame.AsMemory(sent++, 1));
                await Task.WhenAny(closed, Task.Delay(50, TestContext.Current.CancellationToken));
            }
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
        }
        Assert.Null(await closed);
        Assert.True(sent <= 500);
    }
}
