using Swiper.Storage.Embedded;

namespace Swiper.Host;

/// <summary>Has the indexes ready before the first connection is accepted: hosted services start before Kestrel and stop after it.</summary>
internal sealed class StorageLifetime(EmbeddedStorage storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Run(storage.Start, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
