using System.Text.Json.Serialization;

namespace Swiper.Peers.HttpJson;

internal sealed record EchoMessage(string Text);

internal sealed record SwipeRequest(long Uid, long Sid, int Kind);

[JsonSerializable(typeof(EchoMessage))]
[JsonSerializable(typeof(SwipeRequest))]
[JsonSerializable(typeof(SwipeOutcome))]
[JsonSerializable(typeof(Standing[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MessagesContext : JsonSerializerContext;
