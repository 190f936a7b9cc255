using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Migrations;
using Swiper.Storage.Tests.Accounts;

namespace Swiper.Storage.Tests.Embedded;

public sealed class OlderCodesTests
{
    [Fact]
    public async Task Codes_and_lockouts_of_an_older_version_hold()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("data");
        var now = TimeProvider.System.NowMs();
        Directory.CreateDirectory(path);
        using (var shard = SqliteConnection.OpenWriter(Path.Combine(path, "shard-0.db")))
        {
            new SqliteMigrator([MigrationScript.Of("Sqlite")[0]], oldest: 1).Migrate(shard);
            ShardFile.WriteIdentity(shard, shard: 0, shards: 1);
            shard.Execute(OlderCodes.Insert(now));
        }

        await using var engine = new EmbeddedStorage(
            new EmbeddedOptions(path, Shards: 1, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), TimeProvider.System,
            NullLogger<EmbeddedStorage>.Instance);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        await OlderCodes.AssertHoldAsync(engine, now);
    }
}
