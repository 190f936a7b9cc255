using System.Buffers.Binary;
using System.Text;
using Swiper.Compare.Protocols;

namespace Swiper.Compare.Tests.Protocols;

public sealed class HubRepliesTests
{
    private const string Completion = "{\"type\":3,\"invocationId\":\"1\",\"result\":\"the same 32 bytes for all rivals\"}\x1e";
    private const string Ping = "{\"type\":6}\x1e";

    [Fact]
    public void Completions_are_counted_wherever_they_are_cut()
    {
        byte[] bytes =
        [
            .. Message(Completion),
            .. Message(Completion + Ping + Completion),
            // 30 bytes: the frame's length byte equals the hub's record separator.
            .. Message("{\"type\":6,\"as long as that\":1}"[..29] + "\x1e"),
            .. Frame(isLast: true, opcode: 9, "are you there"),
            .. InFrames(Completion + Completion, 7),
            .. Message(string.Concat(Enumerable.Repeat(Completion, 10))),
        ];

        Assert.Equal(15, Cutting.CountCutAnywhere(() => new HubReplies(), bytes));
        Assert.Equal(15, Cutting.CountByteByByte(new HubReplies(), bytes));
    }

    [Fact]
    public void A_long_message_has_its_length_in_eight_bytes()
    {
        var result = new string('x', 70_000);
        var bytes = Message($"{{\"type\":3,\"invocationId\":\"1\",\"result\":\"{result}\"}}\x1e");

        Assert.Equal(1, new HubReplies().Count(bytes, out var consumed));
        Assert.Equal(bytes.Length, consumed);
    }

    [Theory]
    [InlineData("{\"type\":3,\"invocationId\":\"1\",\"error\":\"no such swipe\"}\x1e", "no such swipe")]
    [InlineData("{\"type\":7,\"error\":\"Connection closed with an error.\"}\x1e", "Connection closed")]
    [InlineData("{\"type\":3,\"invocationId\":\"1\",\"result\":1}", "incomplete hub message")]
    public void What_is_no_success_ends_the_measurement(string message, string why)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => new HubReplies().Count(Message(message), out _));

        Assert.Contains(why, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_WebSocket_ends_the_measurement() =>
        Assert.Throws<EndOfStreamException>(() => new HubReplies().Count(Frame(isLast: true, opcode: 8, ""), out _));

    private static byte[] Message(string text) => Frame(isLast: true, opcode: 1, text);

    private static byte[] InFrames(string text, int size)
    {
        var parts = text.Chunk(size).Select(part => new string(part)).ToArray();
        return [.. parts.Index().SelectMany(part => Frame(part.Index == parts.Length - 1, part.Index == 0 ? 1 : 0, part.Item))];
    }

    private static byte[] Frame(bool isLast, int opcode, string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var first = (byte)((isLast ? 0x80 : 0) | opcode);
        byte[] head = payload.Length switch
        {
            < 126 => [first, (byte)payload.Length],
            <= ushort.MaxValue => [first, 126, (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [first, 127, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        if (head.Length == 10)
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(2), payload.Length);
        return [.. head, .. payload];
    }
}
