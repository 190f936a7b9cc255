using System.Security.Cryptography;
using Swiper.Storage.Cluster.Accounts;
using Swiper.Storage.MySql;
using Swiper.Storage.Tests.MySql;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>What hosts of a cluster share to seal tokens and to hash codes.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class TokenKeyTests(ClusterServers servers)
{
    [Fact]
    public async Task All_hosts_hash_codes_under_the_key_of_the_first_and_take_it_for_none_of_tokens()
    {
        using var server = PatientShard.Server(servers.NewShard());
        MySqlMigrator.Shard.Migrate(server, 1);
        var keys = new TokenKeyRepository(server);
        keys.Add("token", "<key/>");
        var made = Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetBytes(32)).ToArray();
        var used = await Task.WhenAll(made.Select(fresh => Task.Run(() => new TokenKeyRepository(server).CodeKey(fresh))));
        Assert.Contains(made, fresh => fresh.AsSpan().SequenceEqual(used[0]));
        Assert.All(used, key => Assert.Equal(used[0], key));
        Assert.Equal(["<key/>"], keys.ReadAll());
    }
}
