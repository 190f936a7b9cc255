using System.Text;
using System.Text.Json;
using Swiper.Compare.Protocols;
using Swiper.Load.Wire;

namespace Swiper.Compare.Peers;

/// <summary>HTTP/1.1 with JSON in both directions and the minimum of headers.</summary>
internal sealed class HttpJsonProtocol : IJsonProtocol
{
    public byte[] Top50 { get; } = Encoding.ASCII.GetBytes("GET /top HTTP/1.1\r\nHost: localhost\r\n\r\n");

    public SwipeTemplate Swipe { get; } = new((uid, sid, kind) => Post("/swipe", $$"""{"uid":{{uid}},"sid":{{sid}},"kind":{{kind}}}"""));

    public byte[] Echo(string text) => Post("/echo", $$"""{"text":"{{text}}"}""");

    public IReplyCounter NewReplies() => new HttpReplies();

    public void ShakeHands(LoadConnection connection)
    {
        // HTTP has no handshake.
    }

    public JsonElement ResultOf(ReadOnlySpan<byte> reply)
    {
        var result = JsonElement.Parse(HttpReplies.BodyOf(reply));
        return result.ValueKind == JsonValueKind.Object && result.TryGetProperty("text", out var text) ? text : result;
    }

    private static byte[] Post(string path, string json) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}");
}
