using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Swiper.Core.Protocol;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Connections;

/// <summary>A socket for clients that do not behave.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <param name="host">Where to.</param>
    /// <param name="receiveBuffer">Bytes that the kernel keeps for one who does not read; 0 for its default.</param>
    public static async Task<RawConnection> OpenAsync(ChildHost host, int receiveBuffer = 0)
    {
        var connection = new RawConnection();
        if (receiveBuffer > 0)
            connection._socket.ReceiveBufferSize = receiveBuffer;
        await connection._socket.ConnectAsync(IPAddress.Loopback, host.EndPoint.Port).WaitAsync(Patience.Limit);
        return connection;
    }

    /// <summary>A frame with a request without args.</summary>
    public static byte[] Request(uint id, Opcode opcode)
    {
        var writer = new MessagePackWriter(stackalloc byte[64]);
        Envelope.WriteRequest(ref writer, id, opcode);
        writer.WriteArrayHeader(0);
        return Frame(writer.Written);
    }

    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var frame = new byte[FrameReader.LengthPrefix + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame.AsSpan(FrameReader.LengthPrefix));
        return frame;
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _socket.SendAsync(bytes).AsTask().WaitAsync(Patience.Limit);

    /// <summary>The next reply; pushes are passed over.</summary>
    public async Task<(uint Id, StatusCode Code)> ReplyAsync()
    {
        while (true)
        {
            var length = new byte[FrameReader.LengthPrefix];
            await ReceiveAsync(length);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await ReceiveAsync(frame);
            if (Envelope.TryReadReply(frame, out var id, out var code, out _))
                return (id, code);
        }
    }

    /// <summary>Everything until the server closes; a reset ends it as well.</summary>
    public async Task<long> ReadUntilClosedAsync()
    {
        var buffer = new byte[65536];
        var total = 0L;
        try
        {
            while (true)
            {
                var count = await _socket.ReceiveAsync(buffer).WaitAsync(Patience.Limit);
                if (count == 0)
                    return total;
                total += count;
            }
        }
        catch (SocketException)
        {
            return total;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync(Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = await _socket.ReceiveAsync(buffer).AsTask().WaitAsync(Patience.Limit);
            if (count == 0)
                throw new EndOfStreamException("the server closed the connection");
            buffer = buffer[count..];
        }
    }
}
