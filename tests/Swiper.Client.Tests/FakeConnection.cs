using System.Buffers.Binary;
using System.Net.Sockets;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests;

/// <param name="Id">What the reply must carry.</param>
/// <param name="Opcode">What is asked for.</param>
/// <param name="Args">The array, as it came.</param>
internal sealed record FakeRequest(uint Id, Opcode Opcode, byte[] Args)
{
    public delegate T Reading<T>(ref FieldReader fields);

    public T Read<T>(Reading<T> reading)
    {
        var fields = new FieldReader(Args);
        return reading(ref fields);
    }
}

/// <summary>The server's end of one connection.</summary>
internal sealed class FakeConnection(TcpClient tcp) : IDisposable
{
    private readonly NetworkStream _stream = tcp.GetStream();

    public async Task<FakeRequest> ReadAsync()
    {
        var prefix = new byte[4];
        await _stream.ReadExactlyAsync(prefix).Soon();
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
        await _stream.ReadExactlyAsync(frame).Soon();
        Assert.True(Envelope.TryReadRequest(frame, out var id, out var opcode, out var args));
        return new FakeRequest(id, (Opcode)opcode, args.ToArray());
    }

    public async Task<FakeRequest> ReadAsync(Opcode expected)
    {
        var request = await ReadAsync();
        Assert.Equal(expected, request.Opcode);
        return request;
    }

    /// <summary>True once the client has closed its end; whatever comes before that fails the test.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await _stream.ReadAsync(new byte[1]).Soon() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public Task ReplyAsync(uint id, params object?[] data) => SendAsync(Frames.Of(1, (long)id, 0, data));

    public Task FailAsync(uint id, StatusCode code, params object?[] data) => SendAsync(Frames.Of(1, (long)id, (int)code, data));

    public Task PushAsync(Opcode opcode, long seq, params object?[] data) => SendAsync(Frames.Of(2, (int)opcode, seq, data));

    /// <summary>A match with a user whose uid is the seq: what is told and what is missing shows at once.</summary>
    public Task PushMatchAsync(long seq) => PushAsync(Opcode.Matched, seq, seq, 1_700_000_000_000);

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).Soon();

    /// <summary>Closes without a word: the client reads a reset.</summary>
    public void Reset()
    {
        tcp.LingerState = new LingerOption(enable: true, 0);
        tcp.Dispose();
    }

    public void Dispose()
    {
        try
        {
            // Null once it is disposed.
            tcp.Client?.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client was faster.
        }
        tcp.Dispose();
    }
}
