using System.Net;
using System.Net.Sockets;

namespace Swiper.Local.Processes;

/// <summary>
/// Ports of loopback for servers that are about to start. They are below those that systems hand out to clients, so that no connection
/// takes one before its server has it, or while that is started anew; another server still may.
/// </summary>
internal static class FreePorts
{
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>The first of that many ports in a row.</summary>
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
