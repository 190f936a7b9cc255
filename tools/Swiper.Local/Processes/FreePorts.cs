using System.Net;
using System.Net.Sockets;

namespace Swiper.Local.Processes;

/// <summary>Ports for servers that must be told theirs before they listen.</summary>
internal static class FreePorts
{
    // Below what systems hand out by themselves: no connection of anybody takes one before its server has it.
    private const int Lowest = 20_000;
    private const int Highest = 32_000;

    /// <summary>The first of so many in a row that nobody has now.</summary>
    public static int Find(int count)
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
