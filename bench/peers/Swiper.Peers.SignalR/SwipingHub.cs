using System.Text.Json.Serialization;
using Microsoft.AspNetCore.SignalR;

namespace Swiper.Peers.SignalR;

// Called by name over the wire; SignalR requires instance methods.
#pragma warning disable CA1822
internal sealed class SwipingHub(Town town, CachedForASecond<Standing[]> top) : Hub
{
    public string Echo(string text) => text;

    public Standing[] Top() => top.Value;

    public SwipeOutcome Swipe(long uid, long sid, int kind) => town.Swipe(uid, sid, kind) ?? throw new HubException("no such swipe");
}
#pragma warning restore CA1822

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(SwipeOutcome))]
[JsonSerializable(typeof(Standing[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MessagesContext : JsonSerializerContext;
