using Swiper.Core.Protocol;
using Swiper.Storage.Migrations;
using Swiper.Storage.MySql;
using Swiper.Storage.Tests.Accounts;
using Swiper.Storage.Tests.MySql;

namespace Swiper.Storage.Tests.Cluster;

[Collection(nameof(ClusterCollection))]
public sealed class OlderCodesTests(ClusterServers servers)
{
    [Fact]
    public async Task Codes_and_lockouts_of_an_older_version_hold()
    {
        var shard = servers.NewShard();
        var now = TimeProvider.System.NowMs();
        using (var server = PatientShard.Server(shard))
        {
            new MySqlMigrator([.. MigrationScript.Of("MySql").Take(1)], oldest: 1).Migrate(server, 1);
            using var connection = server.ConnectPatiently();
            connection.Execute(OlderCodes.Insert(now));
        }

        await using var cluster = new TestCluster([shard]);
        var host = await cluster.StartHostAsync();
        await OlderCodes.AssertHoldAsync(host.Engine, now);
    }
}
