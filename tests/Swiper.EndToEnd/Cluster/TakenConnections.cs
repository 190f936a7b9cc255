using System.Diagnostics;
using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Cluster;

/// <summary>All connections that a shard's server allows, in the hands of somebody who does nothing with them.</summary>
internal sealed class TakenConnections(ClusterServices services, int shard) : IAsyncDisposable
{
    // The fewest that MariaDB can be told to allow.
    private const int Few = 10;
    private const int Many = 200;

    private readonly List<Process> _idlers = [];

    /// <summary>From now on the hosts have none, and get none.</summary>
    public async Task TakeAllAsync()
    {
        for (var idler = 0; idler < Few; idler++)
            _idlers.Add(services.Administer(shard, "SELECT SLEEP(3600)"));
        await Wait.UntilAsync("all are connected", async () =>
            await services.AdministerAsync(shard, "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(3600)'") is ["10"]);
        // In one session: while the hosts are connected, there is no getting in afterwards.
        await services.AdministerAsync(shard, $"SET GLOBAL max_connections = {Few}; KILL USER swiper@127.0.0.1");
    }

    public async Task GiveBackAsync()
    {
        await services.AdministerAsync(shard, $"SET GLOBAL max_connections = {Many}");
        foreach (var idler in _idlers)
        {
            idler.Kill();
            await idler.WaitForExitAsync();
            idler.Dispose();
        }
        _idlers.Clear();
    }

    public async ValueTask DisposeAsync() => await GiveBackAsync();
}
