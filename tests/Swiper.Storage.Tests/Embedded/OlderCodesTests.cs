using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Sqlite;
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
        using (var data = DataFolder.Open(path, 1))
        {
            data.WriterOf(0).Execute("ALTER TABLE codes DROP COLUMN sent");
            data.WriterOf(0).Execute("PRAGMA user_version = 1");
            data.WriterOf(0).Execute(OlderCodes.Insert(now));
        }

        await using var engine = new EmbeddedStorage(
            new EmbeddedOptions(path, Shards: 1, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(), TimeProvider.System,
            NullLogger<EmbeddedStorage>.Instance);
        await engine.StartAsync(TestContext.Current.CancellationToken);
        await OlderCodes.AssertHoldAsync(engine, now);
    }
}
