using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>
/// Files that somebody deletes, replaces or cuts short while the engine has them open: it must not acknowledge what goes nowhere.
/// </summary>
public sealed class LostFileTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordedLog<EmbeddedStorage> _log = new();
    private readonly EmbeddedStorage _engine;
    private int _phones;

    public LostFileTests() => _engine = new EmbeddedStorage(
        new EmbeddedOptions(_folder.File("data"), Shards: 1, CachedProfiles: 100, CodeRules.Standard), new SessionRegistry(),
        TimeProvider.System, _log);

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "delete", "was deleted or replaced")]
    [InlineData("", "replace", "was deleted or replaced")]
    [InlineData("", "cut", "was cut short")]
    [InlineData("-wal", "delete", "was deleted")]
    [InlineData("-wal", "cut", "was cut short")]
    [InlineData("-shm", "delete", "was deleted")]
    public async Task Writes_are_refused_soon_after_a_file_is_lost_and_for_good(string suffix, string deed, string said)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps what is open");
        await _engine.StartAsync(TestContext.Current.CancellationToken);
        var (ann, bob) = (await NewAsync(), await NewAsync());
        Assert.True((await _engine.Swipes.SwipeAsync(ann, bob, SwipeKind.Like, Now)).IsOk);

        var file = _folder.File("data/shard-0.db") + suffix;
        if (deed == "cut")
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.SetLength(0);
        }
        else
        {
            File.Copy(file, file + ".copy");
            File.Delete(file);
            if (deed == "replace")
                File.Move(file + ".copy", file);
        }

        await Eventually.HoldsAsync(async () => !await TryWriteAsync(), "a refusal");
        for (var more = 0; more < 10; more++)
            Assert.False(await TryWriteAsync());
        Assert.Contains(said, Assert.Single(_log.Entries, entry => entry.Id == 3004).Exception!.Message, StringComparison.Ordinal);
        // What was known before is still read.
        Assert.NotNull(await _engine.Accounts.FindAsync(ann));
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<bool> TryWriteAsync()
    {
        try
        {
            await NewAsync();
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
        finally
        {
            // The lane's thread must not wait for a test.
            await Task.Yield();
        }
    }

    private async Task<long> NewAsync()
    {
        var uid = _engine.NewUid();
        Assert.True(await _engine.CreateUserAsync(Profile.New(uid, $"+999{++_phones:D9}", Now)));
        return uid;
    }
}
