using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Storage.Cluster;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>The cluster engine on two shards and a Redis of its own.</summary>
internal sealed class ClusterUnderTest : IEngineUnderTest
{
    // Few profiles in memory, so that some are read again.
    private const int CachedProfiles = 100;

    private readonly ClusterOptions _options;
    private readonly TimeProvider _clock;

    private ClusterUnderTest(ClusterServers servers, TimeProvider clock, CodeRules rules)
    {
        _options = new ClusterOptions(
            [servers.NewShard(), servers.NewShard()], servers.NewRedis(), Deadline: TimeSpan.FromSeconds(10), NodeLease: TimeSpan.FromSeconds(10), CachedProfiles, rules);
        _clock = clock;
        Engine = Open();
    }

    public IStorageEngine Engine { get; private set; }

    public SessionRegistry Sessions { get; } = new();

    public static async Task<IEngineUnderTest> CreateAsync(ClusterServers servers, TimeProvider clock, CodeRules rules)
    {
        var underTest = new ClusterUnderTest(servers, clock, rules);
        await underTest.Engine.StartAsync(TestContext.Current.CancellationToken);
        return underTest;
    }

    public async Task ReopenAsync()
    {
        await Engine.DisposeAsync();
        Engine = Open();
        await Engine.StartAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    private ClusterStorage Open() => new(_options, Sessions, _clock, NullLogger<ClusterStorage>.Instance);
}
