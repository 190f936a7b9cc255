using System.Diagnostics;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Peers;

/// <summary>What Kestrel does at best for a server like Swiper: it gives back the bytes of each read, and knows no frames.</summary>
internal static class KestrelEcho
{
    /// <summary>The switches that Kestrel has for short handlers; all three are needed, and must be set before the first socket.</summary>
    private static readonly Dictionary<string, string> BestEnvironment = new()
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    public static ServerProcess Start(bool best)
    {
        var server = Peer.Start(
            best ? "Kestrel with its best switches" : "stock Kestrel",
            "Swiper.Peers.KestrelEcho",
            best ? ["--inline", "true"] : null,
            best ? UseBestEnvironment : null);
        server.WaitUntil(static endpoint => Load.LoadConnection.Open(endpoint).Dispose(), TimeSpan.FromSeconds(30));
        return server;
    }

    private static void UseBestEnvironment(ProcessStartInfo start)
    {
        foreach (var (key, value) in BestEnvironment)
            start.Environment[key] = value;
    }
}
