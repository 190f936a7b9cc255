namespace Swiper.Load.Scenarios;

/// <summary>
/// A user with its own connection. Runners alternate <see cref="NextAsync"/> and <see cref="RunAsync"/> with its result, with at most
/// <see cref="ScenarioDemands.MaxInFlight"/> such pairs at once.
/// </summary>
public interface IVirtualUser : IAsyncDisposable
{
    /// <summary>
    /// The next step, as an index into <see cref="Scenario.Steps"/>. Waiting in here is not part of the latency in a closed loop.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the run is over.</param>
    ValueTask<int> NextAsync(CancellationToken cancellationToken);

    /// <summary>Runs the step and returns its outcome; never throws because of the server or the network.</summary>
    ValueTask<StepOutcome> RunAsync(int step);
}
