using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Swiper.Core.Protocol;

namespace Swiper.Load.Tests.Running;

/// <summary>
/// A server that answers at once, except for a single stall after a given number of echoes; or one that delays every reply.
/// </summary>
internal sealed class StallingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _stallsAfter;
    private readonly TimeSpan _stall;
    private readonly TimeSpan _each;
    private int _echoes;

    public StallingServer(int stallsAfter, TimeSpan stall, TimeSpan each = default)
    {
        (_stallsAfter, _stall, _each) = (stallsAfter, stall, each);
        _listener.Start();
        _ = AcceptAsync();
    }

    public DnsEndPoint EndPoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var prefix = new byte[4];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(prefix);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
                await stream.ReadExactlyAsync(frame);
                Assert.True(Envelope.TryReadRequest(frame, out var id, out var opcode, out var args));
                var isEcho = (Opcode)opcode == Opcode.Echo;
                var reply = isEcho ? Reply(id, args) : Hello(id);
                // This delay is the stall under test, not a wait for something.
                if (isEcho && _each > TimeSpan.Zero)
                    await Task.Delay(_each);
                if (isEcho && Interlocked.Increment(ref _echoes) == _stallsAfter)
                    await Task.Delay(_stall);
                await stream.WriteAsync(reply);
            }
        }
        catch (IOException)
        {
            // The client has left.
        }
    }

    private static byte[] Hello(uint id)
    {
        var data = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(data);
        var frame = frames.Begin();
        new Core.Diagnostics.HelloReply(1, "stalling/1", 0, 0, 65536, 256).Write(ref frame);
        frames.End(ref frame);
        frames.Flush();
        return Reply(id, data.WrittenSpan[4..]);
    }

    private static byte[] Reply(uint id, ReadOnlySpan<byte> data)
    {
        // [1, id, 0, data]
        byte[] head = [0x94, 1, 0xCE, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(3), id);
        var frame = new byte[4 + head.Length + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, head.Length + data.Length);
        head.CopyTo(frame, 4);
        data.CopyTo(frame.AsSpan(4 + head.Length));
        return frame;
    }
}
