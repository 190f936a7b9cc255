using System.Diagnostics.Metrics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

[Collection(nameof(Alone))]
public sealed class EpollUnreadTests() : UnreadContract(TransportKind.Epoll);

[Collection(nameof(Alone))]
public sealed class SocketsUnreadTests() : UnreadContract(TransportKind.Sockets);

/// <summary>Clients that do not read what comes later, while their loops do something else than waiting for them.</summary>
public abstract class UnreadContract(TransportKind transport) : OnATransport(transport)
{
    private const int Kilobyte = 1024;

    // Less than the kernel keeps for a client before a flush has to wait, and much more than one with a small buffer takes.
    private const int LeftToTheSystem = 64 * Kilobyte;

    [Fact]
    public async Task What_comes_while_the_loop_waits_for_a_request_has_to_be_read_in_time()
    {
        await using var host = await StartHostAsync("Limits:Send=00:00:01");
        await using var client = await host.ConnectAsync();
        var session = await EnterAsync(host, client);
        await AssertCutOffAsync(session);
    }

    [Fact]
    public async Task What_comes_while_the_loop_waits_for_a_store_has_to_be_read_in_time()
    {
        await using var host = await StartHostAsync("Limits:Send=00:00:01", "Limits:InFlight=1");
        await using var client = await host.ConnectAsync();
        var session = await EnterAsync(host, client);
        await client.RequestAsync(2, TestSlice.Gated);
        await AssertCutOffAsync(session);
    }

    [Fact]
    public async Task What_comes_over_TLS_has_to_be_read_in_time()
    {
        await using var host = await StartHostAsync("Tls:Enabled=true", "Limits:Send=00:00:01");
        await using var client = await TestClient.ConnectAsync(host.Tls, async stream => await TestClient.HandshakeAsync(stream));
        var session = await EnterAsync(host, client);
        await AssertCutOffAsync(session);
    }

    [Fact]
    public async Task What_fits_into_the_buffers_of_the_system_has_to_be_read_in_time_whatever_the_client_sends_meanwhile()
    {
        await using var host = await StartHostAsync("Limits:Send=00:00:01");
        await using var client = await ConnectNarrowAsync(host);
        var session = await EnterAsync(host, client);
        var left = session.Left;
        session.Output.AppendPush(Opcode.Matched, 1, new Blob(LeftToTheSystem));
        await Eventually.HoldsAsync(() => session.Output.IsSent, "the system has taken it");

        // Each answer is one more that it does not read.
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await client.RequestAsync(2, Opcode.Ping);
            }
            catch (IOException)
            {
                // Cut off.
            }
            return left.IsCancellationRequested;
        }, "it is cut off");
    }

    [Fact]
    public async Task What_fits_into_the_buffers_of_the_system_counts_too()
    {
        await using var host = await StartHostAsync();
        await using var client = await ConnectNarrowAsync(host);
        var session = await EnterAsync(host, client);
        session.Output.AppendPush(Opcode.Matched, 1, new Blob(LeftToTheSystem));
        await Eventually.HoldsAsync(() => BufferedBytes() > LeftToTheSystem / 2, "the metric shows it");
        Assert.InRange((await client.NextAsync()).Content.Length, LeftToTheSystem, LeftToTheSystem + 100);
        await Eventually.HoldsAsync(() => BufferedBytes() < LeftToTheSystem / 2, "the metric shows that it was read");
    }

    [Fact]
    public async Task Of_those_who_hold_more_than_there_is_together_the_greediest_is_cut_and_nobody_else()
    {
        const int Greedy = 900 * Kilobyte;
        const int Others = 860 * Kilobyte;
        await using var host = await StartHostAsync("Limits:Buffered=2097152");
        await using var greedy = await host.ConnectAsync();
        await using var first = await host.ConnectAsync();
        await using var second = await host.ConnectAsync();
        await using var neighbour = await host.ConnectAsync();
        var sessions = new[] { await EnterAsync(host, greedy), await EnterAsync(host, first), await EnterAsync(host, second) };
        sessions[0].Output.AppendPush(Opcode.Matched, 1, new Blob(Greedy));
        sessions[1].Output.AppendPush(Opcode.Matched, 1, new Blob(Others));
        await Eventually.HoldsAsync(() => !sessions[0].Output.IsSent && !sessions[1].Output.IsSent, "they wait for their clients");
        sessions[2].Output.AppendPush(Opcode.Matched, 1, new Blob(Others));

        await Eventually.HoldsAsync(() => sessions[0].Output.IsSent, "the greediest is cut off");
        Assert.Equal(StatusCode.Ok, (await neighbour.CallAsync(1, Opcode.Ping)).Status);
        await Eventually.HoldsAsync(() => BufferedBytes() is > 2 * Others and <= 2097152, "the metric shows what the others hold");
        Assert.InRange((await first.NextAsync()).Content.Length, Others, Others + 100);
        Assert.InRange((await second.NextAsync()).Content.Length, Others, Others + 100);
        await Eventually.HoldsAsync(() => BufferedBytes() < Others, "the metric shows that they have read it");
    }

    [Fact]
    public async Task Parts_of_frames_count_too()
    {
        const int Clients = 40;
        const int Part = 60 * Kilobyte;
        await using var host = await StartHostAsync("Limits:Buffered=1200000", "Limits:FirstFrame=00:05:00");
        var clients = new List<TestClient>();
        try
        {
            var frame = Wire.Frame(new byte[Part + 1]);
            for (var number = 0; number < Clients; number++)
            {
                clients.Add(await host.ConnectAsync());
                await clients[number].SendAsync(frame.AsMemory(0, Part));
            }
            var ends = clients.Select(client => client.ReadAsync()).ToList();
            await Eventually.HoldsAsync(() => ends.Count(end => end.IsCompleted) >= Clients - (1200000 / Part), "those above are cut off");
            await Eventually.HoldsAsync(() => BufferedBytes() <= 1200000, "what is left is within the budget");
            Assert.NotEqual(Clients, ends.Count(end => end.IsCompleted));
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    private static Task<TestClient> ConnectNarrowAsync(TestHost host) => TestClient.ConnectAsync(host.Tcp, receiveBuffer: 4 * Kilobyte);

    // The session of a connection whose request waits at the gate.
    private static async Task<Session> EnterAsync(TestHost host, TestClient client)
    {
        await client.RequestAsync(1, TestSlice.Gated);
        await host.Slice.ArrivedAsync(1);
        Assert.True(host.Slice.Sessions.TryDequeue(out var session));
        return session;
    }

    private static async Task AssertCutOffAsync(Session session)
    {
        session.Output.AppendPush(Opcode.Matched, 1, new Blob(900 * Kilobyte));
        await Eventually.HoldsAsync(() => !session.Output.IsSent, "it does not fit into the buffers of the system");
        // The client neither reads nor sends: only the server's own clock can end this. Idle would be ten minutes.
        await Eventually.HoldsAsync(() => session.Output.IsSent, "it is cut off");
    }

    private static long BufferedBytes()
    {
        var sum = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "swiper.connections.buffered")
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, bytes, _, _) => sum += bytes);
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;
    }

    private readonly record struct Blob(int Length) : IPayload<Blob>
    {
        public static Blob Read(scoped ref FieldReader fields) => throw new NotSupportedException();

        public void Write(ref MessagePackWriter writer)
        {
            writer.WriteArrayHeader(1);
            writer.WriteBinary(new byte[Length]);
        }
    }
}
