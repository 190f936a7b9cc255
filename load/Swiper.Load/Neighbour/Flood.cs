using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Swiper.Core.Protocol;
using Swiper.Load.Wire;

namespace Swiper.Load.Neighbour;

/// <summary>Requests of one account, as many connections as it may have, each with as many in flight as a host takes.</summary>
internal static class Flood
{
    public const int Connections = 16;

    public const int InFlight = 256;

    // Requests that differ; they are sent again and again.
    private const int Different = 256;

    private const int MaxReply = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <param name="target">The host, and whose requests they are.</param>
    /// <param name="requestOf">The frame of a request, by its number.</param>
    /// <param name="stop">Ends it.</param>
    public static Task RunAsync(AttackTarget target, Func<int, byte[]> requestOf, CancellationToken stop)
    {
        byte[][] requests = [.. Enumerable.Range(0, Different).Select(requestOf)];
        return Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => KeepAsync(target, requests, stop))));
    }

    /// <summary>A connection on which a user has asked to be signed in.</summary>
    public static async Task<Socket> SignInAsync(IPEndPoint server, string token, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(server, stop);
            await socket.SendAsync(RequestFrame.Of(Opcode.Resume, 1, (ref writer) =>
            {
                writer.WriteArrayHeader(1);
                writer.WriteString(token);
            }), stop);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The code of the reply to one request.</summary>
    public static async Task<StatusCode> AskAsync(AttackTarget target, byte[] request)
    {
        using var socket = await SignInAsync(target.EndPoint, target.Token, CancellationToken.None);
        await socket.SendAsync(request);
        await using var stream = new NetworkStream(socket);
        var prefix = new byte[FrameReader.LengthPrefix];
        while (true)
        {
            await stream.ReadExactlyAsync(prefix);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            await stream.ReadExactlyAsync(frame);
            if (Envelope.TryReadReply(frame, out var id, out var code, out _) && id >= RequestFrame.FirstId)
                return code;
        }
    }

    private static async Task KeepAsync(AttackTarget target, byte[][] requests, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await SignInAsync(target.EndPoint, target.Token, stop);
                await ExchangeAsync(socket, requests, stop);
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // Cut off, or refused.
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task ExchangeAsync(Socket socket, byte[][] requests, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var stream = new NetworkStream(socket);
        using var room = new SemaphoreSlim(InFlight);
        var both = new[] { SendAsync(stream, requests, room, ended.Token), ReceiveAsync(stream, room, ended.Token) };
        await Task.WhenAny(both);
        await ended.CancelAsync();
        await Task.WhenAll(both);
    }

    private static async Task SendAsync(NetworkStream stream, byte[][] requests, SemaphoreSlim room, CancellationToken stop)
    {
        const int Chunk = 64 * 1024;
        var chunk = new ArraySegmentWriter();
        for (var next = 0; ;)
        {
            await room.WaitAsync(stop);
            do
                chunk.Add(requests[next++ % requests.Length]);
            while (chunk.Length < Chunk && room.Wait(0, CancellationToken.None));
            await stream.WriteAsync(chunk.Take(), stop);
        }
    }

    private static async Task ReceiveAsync(NetworkStream stream, SemaphoreSlim room, CancellationToken stop)
    {
        var input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        while (true)
        {
            var read = await input.ReadAsync(stop);
            var (consumed, replies) = Count(read);
            input.AdvanceTo(consumed, read.Buffer.End);
            if (replies > 0)
                room.Release(replies);
            if (read.IsCompleted)
                throw new IOException("the host closed the connection");
        }
    }

    private static (SequencePosition Consumed, int Replies) Count(ReadResult read)
    {
        using var frames = new FrameReader(read.Buffer, MaxReply);
        var replies = 0;
        while (frames.Read(out var frame) == FrameStatus.Frame)
        {
            // That to the sign-in gives room for one more than is in flight, which does not matter.
            if (Envelope.TryReadReply(frame, out _, out _, out _))
                replies++;
        }
        return (frames.Consumed, replies);
    }

    private sealed class ArraySegmentWriter
    {
        private byte[] _bytes = new byte[128 * 1024];

        public int Length { get; private set; }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (_bytes.Length < Length + bytes.Length)
                Array.Resize(ref _bytes, 2 * (Length + bytes.Length));
            bytes.CopyTo(_bytes.AsSpan(Length));
            Length += bytes.Length;
        }

        public ReadOnlyMemory<byte> Take()
        {
            var taken = _bytes.AsMemory(0, Length);
            Length = 0;
            return taken;
        }
    }
}
