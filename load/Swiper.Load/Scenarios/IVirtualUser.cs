namespace Swiper.Load.Scenarios;

/// <summary>
/// Somebody with a connection of their own, who makes one request after the other. Runners take turns: <see cref="NextAsync"/>, then
/// <see cref="RunAsync"/> with what it said; at most <see cref="ScenarioDemands.MaxInFlight"/> turns at once.
/// </summary>
public interface IVirtualUser : IAsyncDisposable
{
    /// <summary>
    /// What it does next, as an index into <see cref="Scenario.Steps"/>. Where it waits for something, that is not part of the latency
    /// in a closed loop.
    /// </summary>
    /// <param name="cancellationToken">The run is over.</param>
    ValueTask<int> NextAsync(CancellationToken cancellationToken);

    /// <summary>Does it, and tells how it went; throws for nothing that a server or a network may do.</summary>
    ValueTask<StepOutcome> RunAsync(int step);
}
