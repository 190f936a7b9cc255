using System.Diagnostics;
using Swiper.Compare.Processes;
using Swiper.Load.Wire;
using Swiper.Local.Hosts;

namespace Swiper.Compare.Peers;

/// <summary>The best Kestrel can do for a server like Swiper: it echoes the bytes of each read, without framing.</summary>
internal static class KestrelEcho
{
    /// <summary>Runtime switches that suit short handlers; all three are needed, and must be set before the first socket.</summary>
    private static readonly Dictionary<string, string> BestEnvironment = new()
    {
        ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        ["DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT"] = "1",
    };

    /// <param name="best">With those switches.</param>
    /// <param name="certificate">Enables TLS.</param>
    public static ServerProcess Start(bool best, TlsCertificate? certificate = null)
    {
        string[] inline = best ? ["--inline", "true"] : [];
        string[] tls = certificate is null ? [] : ["--certificate", certificate.Path, "--key", certificate.KeyPath];
        var server = Peer.Start(
            best ? "Kestrel with its best switches" : "stock Kestrel",
            "Swiper.Peers.KestrelEcho",
            [.. inline, .. tls],
            best ? UseBestEnvironment : null);
        server.WaitUntil(static endpoint => LoadConnection.Open(endpoint).Dispose(), TimeSpan.FromSeconds(30));
        return server;
    }

    private static void UseBestEnvironment(ProcessStartInfo start)
    {
        foreach (var (key, value) in BestEnvironment)
            start.Environment[key] = value;
    }
}
