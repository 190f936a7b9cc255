using Swiper.Storage;

namespace Swiper.Host;

/// <summary>
/// Has the indexes ready before the first connection is accepted: hosted services start before Kestrel and stop after it.
/// </summary>
internal sealed class StorageLifetime(IStorageEngine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
