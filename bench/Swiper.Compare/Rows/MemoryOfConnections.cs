using System.Globalization;
using Swiper.Compare.Garbage;
using Swiper.Compare.Load;
using Swiper.Compare.Processes;
using Swiper.Local.Processes;

namespace Swiper.Compare.Rows;

/// <summary>What an idle signed-in connection costs the whole server process.</summary>
internal static class MemoryOfConnections
{
    private const int Wanted = 10_000;
    private const int WarmingUp = 200;
    private const int DescriptorsForOthers = 500;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    public static int Connections { get; } = Math.Min(Wanted, OpenFilesAllowed() - DescriptorsForOthers);

    /// <summary>Robots that the measured host must have.</summary>
    public static int Robots => Connections + WarmingUp;

    public static IReadOnlyList<double> Take(SwiperHost swiper)
    {
        // The code of signing in is compiled and its pools filled before the first reading.
        SignIn(swiper, WarmingUp).Dispose();
        var before = Settled(swiper);
        using var connections = SignIn(swiper, Connections);
        return [(double)(Settled(swiper) - before) / Connections];
    }

    private static LoadConnections SignIn(SwiperHost swiper, int count) => swiper.Robots.SignIn(swiper.EndPoint, count).Connections;

    // Garbage that is not collected yet would count as memory of connections, and by chance; so would what the server does in the seconds
    // after a crowd has come.
    private static long Settled(SwiperHost swiper)
    {
        Thread.Sleep(Quiet);
        FullCollection.Induce(swiper.ProcessId);
        return ProcessReadings.ProportionalMemory(swiper.ProcessId);
    }

    private static int OpenFilesAllowed()
    {
        var line = File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line["Max open files".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return int.TryParse(soft, CultureInfo.InvariantCulture, out var allowed) ? allowed : int.MaxValue;
    }
}
