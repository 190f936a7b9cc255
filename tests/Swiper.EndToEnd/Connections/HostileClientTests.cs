using System.Net.Sockets;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Connections;

/// <summary>Clients that send nothing, nonsense, too slowly, or never read: others must not notice.</summary>
public sealed class HostileClientTests
{
    private const long MiB = 1024 * 1024;

    /// <summary>SWIPER_SILENT says how many.</summary>
    [Fact]
    public async Task Thousands_of_silent_connections_are_closed_while_others_are_served()
    {
        var silent = Math.Min(Budget.Of("SWIPER_SILENT", 10_000), OpenFiles() - 500);
        using var data = new ScratchFolder("end-to-end");
        // As many files as may be: the shell's own limit is often 1024.
        using var host = await ChildHost.StartAsync(
            TestHost.Plan(data, "Limits:FirstFrame=00:00:05") with { ShellPrelude = "ulimit -n $(ulimit -Hn)" });
        await using var client = await host.ConnectAsync();
        await host.SignInAsync(client, Outbox.NewPhone());

        var connections = new RawConnection[silent];
        try
        {
            await Parallel.ForAsync(0, silent, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (index, _) =>
                connections[index] = await RawConnection.OpenAsync(host));
            await client.ProfileAsync();
            await client.DeckAsync();

            var closing = Task.WhenAll(connections.Select(connection => connection.ReadUntilClosedAsync()));
            while (!closing.IsCompleted)
                await client.ProfileAsync();

            Assert.All(await closing, received => Assert.Equal(0, received));
            await client.ProfileAsync();
        }
        finally
        {
            foreach (var connection in connections)
                connection?.Dispose();
        }
    }

    [Fact]
    public async Task A_client_that_never_reads_is_cut_off_and_costs_little_while_others_are_served()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 1);
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        await client.ResumeAsync(tokens[0]);
        var before = ProcessReadings.ResidentMemory(host.Id);

        // Small requests with replies a hundred times as large would fill the memory first.
        var request = EchoFrame(32 * 1024);
        using var deaf = await RawConnection.OpenAsync(host, receiveBuffer: 4096);
        var flood = FloodAsync(deaf, request, 256 * MiB);
        var largest = 0L;
        while (!flood.IsCompleted)
        {
            await client.ProfileAsync();
            largest = Math.Max(largest, ProcessReadings.ResidentMemory(host.Id));
            await Task.WhenAny(flood, Task.Delay(5));
        }

        Assert.InRange(largest - before, long.MinValue, 100 * MiB);
        await client.ProfileAsync();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: swiper\r\n\r\n")]
    [InlineData("\0\0\0\u0001x")]
    [InlineData("\0\0\0\0")]
    [InlineData("\u007f\u007f\u007f\u007f")]
    public async Task What_is_no_frame_is_answered_with_1006_and_closed(string garbage)
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        using var connection = await RawConnection.OpenAsync(host);

        await connection.SendAsync(System.Text.Encoding.Latin1.GetBytes(garbage));

        Assert.Equal((0u, StatusCode.ProtocolError), await connection.ReplyAsync());
        Assert.Equal(0, await connection.ReadUntilClosedAsync());
    }

    [Fact]
    public async Task Random_bytes_on_both_ports_disturb_nobody()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        await using var client = await host.ConnectAsync();
        await host.SignInAsync(client, Outbox.NewPhone());
        var random = new Random(7);

        for (var attempt = 0; attempt < 300; attempt++)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("127.0.0.1", attempt % 2 == 0 ? host.EndPoint.Port : host.TlsEndPoint!.Port);
            var garbage = new byte[random.Next(1, 3000)];
            random.NextBytes(garbage);
            await socket.GetStream().WriteAsync(garbage);
            await client.ProfileAsync();
        }

        Assert.DoesNotContain("fail:", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_is_understood_and_one_that_never_ends_is_cut_off()
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data, "Limits:Frame=00:00:02");
        using var slow = await RawConnection.OpenAsync(host);
        foreach (var part in RawConnection.Request(7, Opcode.Ping))
            await slow.SendAsync(new[] { part });
        Assert.Equal((7u, StatusCode.Ok), await slow.ReplyAsync());

        var closed = slow.ReadUntilClosedAsync();
        await slow.SendAsync(new byte[] { 0, 0, 200 });
        while (!closed.IsCompleted)
        {
            // One byte at a time must buy no time.
            await Task.WhenAny(closed, Task.Delay(200));
            try
            {
                await slow.SendAsync(new byte[] { 1 });
            }
            catch (SocketException)
            {
                break;
            }
        }
        Assert.Equal(0, await closed);
    }

    // Until the server has cut it off, or the bytes are sent.
    private static async Task FloodAsync(RawConnection connection, byte[] frame, long bytes)
    {
        try
        {
            for (var sent = 0L; sent < bytes; sent += frame.Length)
                await connection.SendAsync(frame).WaitAsync(TimeSpan.FromSeconds(3));
        }
        catch (Exception exception) when (exception is SocketException or TimeoutException)
        {
            // Cut off, or the server has stopped reading: both bound what it costs.
        }
    }

    private static byte[] EchoFrame(int size)
    {
        var writer = new MessagePackWriter(new byte[size + 64]);
        Envelope.WriteRequest(ref writer, 1, Opcode.Echo);
        writer.WriteArrayHeader(1);
        writer.WriteBinary(new byte[size]);
        return RawConnection.Frame(writer.Written);
    }

    private static int OpenFiles()
    {
        if (!OperatingSystem.IsLinux())
            return 1024;
        // Max open files  soft  hard  files
        var limits = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        return (int)Math.Min(1_000_000, long.Parse(limits["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
            System.Globalization.CultureInfo.InvariantCulture));
    }
}
