using Swiper.EndToEnd.Running;
using Swiper.EndToEnd.Social;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Cluster;

/// <summary>Friends of the cluster who are connected to different hosts.</summary>
[Collection<OnServices>]
public sealed class FriendsOnTwoHostsTests(ClusterServices services) : FriendsContract, IAsyncLifetime
{
    private Deployment _deployment = null!;
    private ChildHost[] _hosts = null!;

    private protected override IReadOnlyList<ChildHost> Hosts => _hosts;

    public async ValueTask InitializeAsync()
    {
        _deployment = await Deployment.CreateAsync(services);
        _hosts = await _deployment.StartHostsAsync(2);
    }

    public async ValueTask DisposeAsync() => await _deployment.DisposeAsync();

    private protected override Task SettledAsync() => _deployment.SettledAsync();

    // The index is made anew from the truth while its hosts serve, and compared with it.
    private protected override async Task StartAnewAsync()
    {
        var settings = _deployment.Settings.SelectMany(setting => (string[])["--set", setting]).ToArray();
        foreach (var command in new[] { ["rebuild"], new[] { "drift", "--fix" } })
        {
            var run = await TestHost.RunAsync(_deployment.Cluster, [.. command, .. settings]);
            Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        }

        _hosts = [.. _hosts, await _deployment.StartHostAsync()];
        await _deployment.IndexAgreesAsync();
    }
}
