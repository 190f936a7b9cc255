using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Social;

/// <summary>Friends of the embedded engine, whose host is killed and started again.</summary>
public sealed class FriendsTests : FriendsContract, IAsyncLifetime
{
    private readonly ScratchFolder _data = new("end-to-end");
    private ChildHost _host = null!;

    private protected override IReadOnlyList<ChildHost> Hosts => [_host];

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(_data);

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    private protected override Task SettledAsync() => Task.CompletedTask;

    private protected override async Task StartAnewAsync()
    {
        await _host.KillAsync();
        _host.Dispose();
        _host = await TestHost.StartAsync(_data);
    }
}
