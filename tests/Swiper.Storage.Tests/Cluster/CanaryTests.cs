using System.Globalization;
using Swiper.Storage.Cluster;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.MySql;
using Swiper.Storage.Redis;
using Swiper.Storage.Tests.MySql;
using Swiper.Storage.Tests.Redis;

namespace Swiper.Storage.Tests.Cluster;

[Collection(nameof(ClusterCollection))]
public sealed class CanaryTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly RecordedLog<ClusterShard> _log = new();
    private readonly TemporaryFolder _folder = new();
    private readonly RedisProcess _redis;
    private readonly SwipeIndex _index;
    private readonly ShardServer _server;
    private readonly ShardConnection _shard;

    public CanaryTests(ClusterServers servers)
    {
        _redis = new RedisProcess(_folder.File("redis"));
        _index = new SwipeIndex(new RedisOptions { Configuration = _redis.Address });
        _server = PatientShard.Server(servers.NewShard());
        _shard = _server.ConnectPatiently();
        MySqlMigrator.Shard.Migrate(_server, 1);
    }

    public void Dispose()
    {
        _shard.Dispose();
        _server.Dispose();
        _index.Dispose();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_goes_on_reading_who_lives_after_an_error_that_nobody_expects()
    {
        using var messages = _index.OpenMessages();
        using var canary = new Canary(messages, new ClusterShard(_server, _clock, _log), Guid.NewGuid(), _clock);
        Hold(5);
        canary.Start();
        Await(() => canary.Others.Select(host => host.Node).SequenceEqual([5]), "one host");

        // No fault of a store, as far as anybody knows.
        _shard.ExecuteText("RENAME TABLE nodes TO renamed");
        Await(() => _log.Of(3000).Count > 1, "errors");
        Assert.Contains("0", _log.Of(3000)[0], StringComparison.Ordinal);
        _shard.ExecuteText("RENAME TABLE renamed TO nodes");
        Hold(6);
        Await(() => canary.Others.Select(host => host.Node).Order().SequenceEqual([5, 6]), "two hosts");
    }

    private void Hold(int node) => _shard.ExecuteText(string.Create(
        CultureInfo.InvariantCulture,
        $"INSERT INTO nodes (node, owner, epoch, until) VALUES ({node}, X'{Guid.NewGuid():N}', 1, {long.MaxValue})"));

    private void Await(Func<bool> condition, string what) => Eventually.Holds(
        () =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(200));
            return condition();
        },
        what);
}
