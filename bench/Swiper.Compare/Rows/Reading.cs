using Swiper.Compare.Load;

namespace Swiper.Compare.Rows;

/// <summary>One figure of one round, and what it cost: without the processors' shares nobody could say what limited it.</summary>
/// <param name="Value">Requests or rows a second.</param>
/// <param name="ServerCores">Processors that the measured side kept busy; 1 is one core.</param>
/// <param name="ClientCores">The same of the load client; 0 where there is none.</param>
/// <param name="OtherCores">The same of everything else on the machine, which should be next to nothing.</param>
internal sealed record Reading(double Value, double ServerCores, double ClientCores, double OtherCores)
{
    // A core that polls now and then, read with a clock of 10 ms, stays a little below 1.
    private const double Full = 0.95;

    /// <summary>See <see cref="LoadFigures.ClientQueue"/>.</summary>
    public double ClientQueue { get; init; }

    public double MedianMicroseconds { get; init; }

    public double Percentile99Microseconds { get; init; }

    /// <summary>Of each process of the measured side; empty where it is one.</summary>
    public IReadOnlyList<ProcessShare> Processes { get; init; } = [];

    public double ServerMicrosecondsEach => ServerCores * 1e6 / Value;

    public double ClientMicrosecondsEach => ClientCores * 1e6 / Value;

    /// <summary>The one whose rate is the median.</summary>
    public static Reading Middle(IReadOnlyList<Reading> readings) =>
        readings.OrderBy(reading => reading.Value).ElementAt(readings.Count / 2);

    /// <param name="servers">The names of the measured processes, in the order of their times.</param>
    public static Reading Of(LoadFigures figures, IReadOnlyList<string> servers) =>
        new(figures.PerSecond, figures.ServerCores, figures.ClientCores, figures.OtherCores)
        {
            ClientQueue = figures.ClientQueue,
            MedianMicroseconds = figures.Median.TotalMicroseconds,
            Percentile99Microseconds = figures.Percentile99.TotalMicroseconds,
            Processes = [.. servers.Zip(figures.Cpu.Servers, (name, time) => new ProcessShare(name, time / figures.Window))],
        };

    /// <summary>The same load told in smaller pieces, of which each request had so many.</summary>
    public Reading Times(int pieces) => this with { Value = Value * pieces };

    /// <summary>
    /// Who could not go faster: the client's one thread, the server, or nobody's processor (a disk, a lock, a neighbour).
    /// </summary>
    public string LimitedBy()
    {
        if (ClientCores >= Full && ClientQueue >= 0.5)
            return "client";
        return ServerCores >= Full || ServerCores + ClientCores >= Full * Environment.ProcessorCount ? "server" : "waiting";
    }
}
