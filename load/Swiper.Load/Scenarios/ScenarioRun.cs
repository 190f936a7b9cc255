namespace Swiper.Load.Scenarios;

/// <summary>
/// One run of a scenario in one process. Its users connect first; then <see cref="StartAsync"/> is called once, and they are driven.
/// Users and the run are disposed at the end, users first.
/// </summary>
public abstract class ScenarioRun : IAsyncDisposable
{
    /// <summary>Connects a user, and signs it in if the scenario requires that.</summary>
    /// <exception cref="Client.SwiperConnectionException">No connection could be made.</exception>
    /// <exception cref="Client.SwiperException">The server refused the user.</exception>
    public abstract Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken);

    /// <summary>Called when all users are connected; starts background activity.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Scenario-specific figures; read after the last request has ended and before the users are disposed.
    /// </summary>
    public virtual IReadOnlyList<Figure> Figures => [];

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A scenario-specific figure of a run.</summary>
/// <param name="Merge">How the values of several processes are combined.</param>
public readonly record struct Figure(string Name, double Value, FigureMerge Merge = FigureMerge.Sum);

public enum FigureMerge
{
    Sum,
    Max,
}
