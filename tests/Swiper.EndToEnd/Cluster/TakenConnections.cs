using System.Diagnostics;

namespace Swiper.EndToEnd.Cluster;

/// <summary>All connections that a shard's server allows, in the hands of somebody who does nothing with them.</summary>
internal sealed class TakenConnections(ClusterServices services, int shard) : IAsyncDisposable
{
    // The fewest that MariaDB can be told to allow.
    private const int Few = 10;
    private const int Many = 200;

    private readonly List<Process> _idlers = [];

    // One of those that are taken. A new one is refused while a host that tries to connect has the place that is kept for administrators.
    private Process? _administrator;

    /// <summary>From now on the hosts have none, and get none.</summary>
    public async Task TakeAllAsync()
    {
        for (var idler = 0; idler < Few - 1; idler++)
            _idlers.Add(services.Administer(shard, "SELECT SLEEP(3600)"));
        _administrator = services.AdministerBySession(shard);
        await Eventually.HoldsAsync(async () =>
            await services.AdministerAsync(shard,
                "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(3600)'") is ["9"], "all are connected");
        await AdministerAsync($"SET GLOBAL max_connections = {Few}; KILL USER swiper@127.0.0.1");
    }

    public async Task GiveBackAsync()
    {
        if (_administrator is null)
            return;
        await AdministerAsync($"SET GLOBAL max_connections = {Many}");
        foreach (var idler in _idlers.Append(_administrator))
        {
            idler.Kill();
            await idler.WaitForExitAsync();
            idler.Dispose();
        }
        _idlers.Clear();
        _administrator = null;
    }

    public async ValueTask DisposeAsync() => await GiveBackAsync();

    private async Task AdministerAsync(string sql)
    {
        await _administrator!.StandardInput.WriteLineAsync($"{sql}; SELECT 'done';");
        Assert.Equal("done", await _administrator.StandardOutput.ReadLineAsync());
    }
}
