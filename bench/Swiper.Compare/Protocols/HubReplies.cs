using System.Text;
using Swiper.Load.Wire;

namespace Swiper.Compare.Protocols;

/// <summary>
/// Replies of a SignalR hub that speaks JSON over a WebSocket: completions of invocations, each ended by a record separator, one or more
/// per WebSocket message. Pings are ignored. A completion with an error aborts the measurement.
/// </summary>
internal sealed class HubReplies : IReplyCounter
{
    public const byte Separator = 0x1e;

    private byte[] _message = [];

    public int Count(ReadOnlySpan<byte> bytes, out int consumed)
    {
        var count = 0;
        for (consumed = 0; TryTakeMessage(bytes[consumed..], out var payload, out var size); consumed += size)
            count += Completions(payload);
        return count;
    }

    /// <summary>The first complete message: its payload, valid until the next call, and its size including frame headers.</summary>
    public bool TryTakeMessage(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> payload, out int size)
    {
        payload = default;
        for (size = 0; WebSocketFrame.TryRead(bytes[size..], out var frame);)
        {
            var part = bytes.Slice(size + frame.HeadSize, frame.PayloadSize);
            size += frame.Size;
            if (frame.Opcode == WebSocketFrame.Close)
                throw new EndOfStreamException("the server closed the WebSocket");
            if (frame.IsControl)
                return true;
            // A message is nearly always a single frame and is read in place.
            payload = payload.IsEmpty ? part : Joined(payload, part);
            if (frame.IsLast)
                return true;
        }
        return false;
    }

    private static int Completions(ReadOnlySpan<byte> payload)
    {
        var count = 0;
        while (!payload.IsEmpty)
        {
            var end = payload.IndexOf(Separator);
            if (end < 0)
                throw new InvalidDataException("the server sent an incomplete hub message");
            if (IsCompletion(payload[..end]))
                count++;
            payload = payload[(end + 1)..];
        }
        return count;
    }

    // {"type":3,"invocationId":"1","result":...}; the id is ours and contains no quotes.
    private static bool IsCompletion(ReadOnlySpan<byte> message)
    {
        var start = "{\"type\":3,\"invocationId\":\""u8;
        if (!message.StartsWith(start))
            return message.StartsWith("{\"type\":6"u8) ? false : throw Unexpected(message);
        var rest = message[start.Length..];
        return rest[(rest.IndexOf((byte)'"') + 1)..].StartsWith(",\"result\":"u8) ? true : throw Unexpected(message);
    }

    private static InvalidDataException Unexpected(ReadOnlySpan<byte> message) =>
        new($"the hub answered: {Encoding.UTF8.GetString(message)}");

    private ReadOnlySpan<byte> Joined(ReadOnlySpan<byte> start, ReadOnlySpan<byte> part)
    {
        var length = start.Length + part.Length;
        if (_message.Length < length)
        {
            var larger = new byte[Math.Max(length, 2 * _message.Length)];
            start.CopyTo(larger);
            _message = larger;
        }
        else
        {
            start.CopyTo(_message);
        }
        part.CopyTo(_message.AsSpan(start.Length));
        return _message.AsSpan(0, length);
    }
}
