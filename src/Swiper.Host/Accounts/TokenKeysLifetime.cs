using Microsoft.AspNetCore.DataProtection;
using Swiper.Storage;
using Swiper.Storage.Cluster;

namespace Swiper.Host.Accounts;

/// <summary>
/// Has the keys of tokens and codes read before the first connection is accepted, so that a shard that is down later keeps nobody out;
/// and where a cluster has none yet, has one host make the first: with keys of their own, hosts that started together would not know each
/// other's tokens for long.
/// </summary>
internal sealed class TokenKeysLifetime(IStorageEngine engine, IDataProtectionProvider protection, CodeHash codes) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        codes.Prepare();
        if (engine is not ClusterStorage cluster)
            return Task.CompletedTask;
        return Task.Run(() => cluster.TokenKeys.Exclusively(ReadKeys), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Whatever is sealed first has the keys read, and made where there are none.
    private void ReadKeys() => protection.CreateProtector("Swiper.Start").Protect([]);
}
