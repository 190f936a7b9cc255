using Swiper.Load.Wire;

namespace Swiper.Compare.Rows;

/// <summary>One figure of one round, with the CPU use needed to determine the bottleneck.</summary>
/// <param name="Value">Requests or rows per second.</param>
/// <param name="ServerCores">CPU cores used by the measured side.</param>
/// <param name="ClientCores">CPU cores used by the load client; 0 without one.</param>
/// <param name="OtherCores">CPU cores used by everything else on the machine, which should be close to 0.</param>
internal sealed record Reading(double Value, double ServerCores, double ClientCores, double OtherCores)
{
    // A busy core that sometimes polls, read with a resolution of 10 ms, shows slightly below 1.
    private const double Full = 0.95;

    /// <summary>See <see cref="LoadFigures.ClientQueue"/>.</summary>
    public double ClientQueue { get; init; }

    public double MedianMicroseconds { get; init; }

    public double Percentile99Microseconds { get; init; }

    /// <summary>Per process of the measured side; empty for a single process.</summary>
    public IReadOnlyList<ProcessShare> Processes { get; init; } = [];

    public double ServerMicrosecondsEach => ServerCores * 1e6 / Value;

    public double ClientMicrosecondsEach => ClientCores * 1e6 / Value;

    /// <summary>The reading with the median rate.</summary>
    public static Reading Middle(IReadOnlyList<Reading> readings) =>
        readings.OrderBy(reading => reading.Value).ElementAt(readings.Count / 2);

    /// <param name="servers">The names of the measured processes, in the order of their CPU times.</param>
    public static Reading Of(LoadFigures figures, IReadOnlyList<string> servers) =>
        new(figures.PerSecond, figures.ServerCores, figures.ClientCores, figures.OtherCores)
        {
            ClientQueue = figures.ClientQueue,
            MedianMicroseconds = figures.Median.TotalMicroseconds,
            Percentile99Microseconds = figures.Percentile99.TotalMicroseconds,
            Processes = [.. servers.Zip(figures.Cpu.Servers, (name, time) => new ProcessShare(name, time / figures.Window))],
        };

    /// <summary>The same load in smaller units, of which each request had the given number.</summary>
    public Reading Times(int pieces) => this with { Value = Value * pieces };

    /// <summary>
    /// The bottleneck: the client's thread, the server, or neither (a disk, a lock, another process).
    /// </summary>
    public string LimitedBy()
    {
        if (ClientCores >= Full && ClientQueue >= 0.5)
            return "client";
        return ServerCores >= Full || ServerCores + ClientCores >= Full * Environment.ProcessorCount ? "server" : "waiting";
    }
}

/// <summary>CPU cores used by one process during a reading.</summary>
internal sealed record ProcessShare(string Name, double Cores);
