using System.Text;
using System.Text.Json;
using Swiper.Compare.Protocols;
using Swiper.Load.Wire;

namespace Swiper.Compare.Peers;

/// <summary>
/// SignalR's JSON protocol over a WebSocket without negotiation, as its own clients use it when only WebSockets are allowed.
/// </summary>
internal sealed class HubProtocol : IJsonProtocol
{
    // Any value but 0, which servers could special-case.
    private const byte Mask = 0x5a;

    private static readonly byte[] Upgrade = Encoding.ASCII.GetBytes(
        "GET /swiping HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c3dpcGVyIGFuZCByaXZhbA==\r\n\r\n");

    public byte[] Top50 { get; } = Invocation("Top");

    public SwipeTemplate Swipe { get; } = new((uid, sid, kind) => Invocation("Swipe", uid, sid, kind), Mask);

    public byte[] Echo(string text) => Invocation("Echo", $"\"{text}\"");

    public IReplyCounter NewReplies() => new HubReplies();

    public void ShakeHands(LoadConnection connection)
    {
        var answer = connection.Ask(Upgrade, static bytes => bytes.IndexOf("\r\n\r\n"u8) >= 0);
        if (!answer.AsSpan().StartsWith("HTTP/1.1 101 "u8))
            throw new InvalidDataException("the hub did not switch to a WebSocket");
        connection.Ask(Message("""{"protocol":"json","version":1}"""), static bytes => WebSocketFrame.TryRead(bytes, out _));
    }

    public JsonElement ResultOf(ReadOnlySpan<byte> reply) =>
        new HubReplies().TryTakeMessage(reply, out var message, out _)
            ? JsonElement.Parse(message[..message.IndexOf(HubReplies.Separator)]).GetProperty("result")
            : throw new InvalidDataException("the reply is incomplete");

    // The ids may repeat: the hub only echoes them, and the load counts replies.
    private static byte[] Invocation(string target, params string[] arguments) =>
        Message($$"""{"type":1,"invocationId":"1","target":"{{target}}","arguments":[{{string.Join(',', arguments)}}]}""");

    private static byte[] Message(string json) => WebSocketFrame.OfText([.. Encoding.ASCII.GetBytes(json), HubReplies.Separator], Mask);
}
