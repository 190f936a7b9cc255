using System.Net;
using System.Net.Sockets;

namespace Swiper.Local.Processes;

/// <summary>
/// Free loopback ports for servers about to start. They are below the ephemeral range, so that no outgoing connection can take one
/// before the server binds it or while it restarts; another server still can.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>The first port of a free range of the given length.</summary>
    public static int Find(int count = 1)
    {
        while (true)
        {
            var first = Random.Shared.Next(Lowest, Highest);
            if (Enumerable.Range(first, count).All(IsFree))
                return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
