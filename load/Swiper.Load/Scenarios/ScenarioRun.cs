namespace Swiper.Load.Scenarios;

/// <summary>
/// One run of a scenario in one process. Its users connect first; then <see cref="StartAsync"/> is called once, and they are driven.
/// Users and the run are disposed at the end, users first.
/// </summary>
public abstract class ScenarioRun : IAsyncDisposable
{
    /// <summary>Connects a user, and signs it in where the scenario asks for that.</summary>
    /// <exception cref="Client.SwiperConnectionException">There is no connection to be had.</exception>
    /// <exception cref="Client.SwiperException">The server refuses the user.</exception>
    public abstract Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken);

    /// <summary>All users are connected: what goes on beside them begins.</summary>
    public virtual Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// What the run knows beside its requests; asked for when the last request has ended, while the users are still there.
    /// </summary>
    public virtual IReadOnlyList<Figure> Figures => [];

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
