using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// The first thing that a stopping host does: it closes the public ports, and answers what its clients have asked. Only then Kestrel
/// stops, and with it the ops port: until the last client has gone, operators see that the host drains, and how far it is.
/// </summary>
internal sealed class Drain(NamedListeners ports, ConnectionWatch watch, IHostApplicationLifetime lifetime, SwiperOptions options)
    : IHostedLifecycleService
{
    // Kestrel cuts off whoever is left, which takes a moment of the same patience.
    private static readonly TimeSpan LeftForTheRest = TimeSpan.FromMilliseconds(500);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped by a call, not by a signal, has not told its connections yet.
        lifetime.StopApplication();
        await ports.UnbindAllAsync(cancellationToken);
        var patience = options.Limits.Drain - LeftForTheRest;
        if (patience > TimeSpan.Zero)
            await watch.Drained.WaitAsync(patience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
