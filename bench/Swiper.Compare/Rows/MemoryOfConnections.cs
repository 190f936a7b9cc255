using System.Globalization;
using Swiper.Compare.Garbage;
using Swiper.Compare.Processes;
using Swiper.Load.Wire;
using Swiper.Local.Processes;

namespace Swiper.Compare.Rows;

/// <summary>Memory of an idle signed-in connection in the whole server process.</summary>
internal static class MemoryOfConnections
{
    private const int Wanted = 10_000;
    private const int WantedOverTls = 2_000;
    private const int WarmingUp = 200;
    private const int DescriptorsForOthers = 500;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(3);

    public static int Connections { get; } = Math.Min(Wanted, OpenFilesAllowed() - DescriptorsForOthers);

    /// <summary>Robots required on the measured host.</summary>
    public static int Robots => Connections + WarmingUp;

    public static IReadOnlyList<double> Take(SwiperHost swiper) =>
        Take(swiper, Connections, count => swiper.Robots.SignIn(swiper.EndPoint, count).Connections);

    /// <summary>The same over TLS, without signing in.</summary>
    public static IReadOnlyList<double> TakeOverTls(SwiperHost swiper) =>
        Take(swiper, Math.Min(WantedOverTls, Connections), count => Loads.OpenOverTls(swiper, count));

    private static IReadOnlyList<double> Take(SwiperHost swiper, int count, Func<int, LoadConnections> open)
    {
        // Compiles the code paths of opening a connection and fills the pools before the first reading.
        open(WarmingUp).Dispose();
        var before = Settled(swiper);
        using var connections = open(count);
        return [(double)(Settled(swiper) - before) / count];
    }

    // Uncollected garbage would randomly count as memory of connections, and so would the server's work in the seconds after many
    // connections arrive.
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
