using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Embedded;

/// <summary>The embedded engine on a folder of its own.</summary>
internal sealed class EmbeddedUnderTest : IEngineUnderTest
{
    // Several shards, so that people of one match live apart; few profiles in memory, so that some are read again.
    private const int Shards = 4;
    private const int CachedProfiles = 100;

    private readonly TemporaryFolder _folder = new();
    private readonly TimeProvider _clock;
    private readonly CodeRules _rules;

    private EmbeddedUnderTest(TimeProvider clock, CodeRules rules)
    {
        (_clock, _rules) = (clock, rules);
        Engine = Open();
    }

    public IStorageEngine Engine { get; private set; }

    public IRecords Records => ((EmbeddedStorage)Engine).Parts.Records;

    public PeopleDirectory People => ((EmbeddedStorage)Engine).Parts.Directory;

    public SessionRegistry Sessions { get; } = new();

    public static async Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules)
    {
        var underTest = new EmbeddedUnderTest(clock, rules);
        await underTest.Engine.StartAsync(TestContext.Current.CancellationToken);
        return underTest;
    }

    public async Task ReopenAsync()
    {
        await Engine.DisposeAsync();
        Engine = Open();
        await Engine.StartAsync(TestContext.Current.CancellationToken);
    }

    public Task EmptyIndexAsync() => Task.CompletedTask;

    public Task PutSwipesAsync(long uid, IReadOnlyList<long> sids)
    {
        var engine = ((EmbeddedStorage)Engine).Parts;
        var shard = engine.ShardOf(uid);
        Assert.True(engine.People.TryGetSlot(uid, out var me));
        lock (shard.Gate)
        {
            foreach (var sid in sids)
            {
                if (engine.People.TryGetSlot(sid, out var slot))
                    shard.Swiped.TryAdd(me, slot, SwipeKind.Dislike);
            }
        }
        return Task.CompletedTask;
    }

    public void PassIndexOver()
    {
    }

    public async Task MatchLateAsync(long uid, long sid, long at) => await Records.RunAsync(uid, session => session.FollowUpAsync(
        FollowUpKind.Swiped, sid, PayloadBytes.Of(new SwipeFollowUp(uid, sid, SwipeKind.Like, at))));

    public async Task SuperlikeLateAsync(long uid, long sid, long at) => await Records.RunAsync(uid, session => session.FollowUpAsync(
        FollowUpKind.Swiped, sid, PayloadBytes.Of(new SwipeFollowUp(uid, sid, SwipeKind.Superlike, at))));

    public Task SettledAsync() => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _folder.Dispose();
    }

    private EmbeddedStorage Open() => new(
        new EmbeddedOptions(_folder.Path, Shards, CachedProfiles, _rules), Sessions, _clock, NullLogger<EmbeddedStorage>.Instance);
}
