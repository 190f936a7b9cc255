using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Reflection;
using Dapper;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Swiper.Storage.Indexes;
using Swiper.Storage.Records;
using Swiper.Storage.Tests.Cluster;
using Swiper.Storage.Tests.Embedded;
using Xunit.Sdk;
using Xunit.v3;

namespace Swiper.Storage.Tests.Contract;

/// <summary>The engines behind <see cref="IStorageEngine"/>.</summary>
public enum EngineKind
{
    Embedded,
    Cluster,
}

/// <summary>Runs a test on each engine, which is its first argument.</summary>
/// <param name="arguments">The other arguments.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnEveryEngineAttribute(params object[] arguments) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<EngineKind>().Select(engine => new TheoryDataRow([engine, .. arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>
/// What any engine promises to the rest of the server, one class a repository, written against <see cref="IStorageEngine"/> alone. Each
/// test starts the engine that it is given.
/// </summary>
public abstract class EngineContract(ClusterServers servers) : IAsyncDisposable
{
    private IEngineUnderTest? _underTest;
    private int _phones;

    /// <summary>The engine's clock; where it doesn't matter, the real one.</summary>
    protected virtual TimeProvider Clock => TimeProvider.System;

    protected virtual CodeRules CodeRules => CodeRules.Standard;

    protected IStorageEngine Engine => _underTest!.Engine;

    protected IBoardRepository SettledBoards => new SettledBoards(Engine.Boards, _underTest!.SettledAsync);

    /// <summary>By the engine's clock.</summary>
    protected long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async ValueTask DisposeAsync()
    {
        if (_underTest is not null)
            await _underTest.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts an engine on data of its own.</summary>
    protected async Task StartAsync(EngineKind engine) => _underTest = engine == EngineKind.Embedded
        ? await EmbeddedUnderTest.CreateAsync(Clock, CodeRules)
        : await ClusterUnderTest.CreateAsync(servers, Clock, CodeRules);

    protected Task ReopenAsync() => _underTest!.ReopenAsync();

    private protected IRecords Records => _underTest!.Records;

    private protected PeopleDirectory Everybody => _underTest!.People;

    /// <inheritdoc cref="IEngineUnderTest.MatchLateAsync"/>
    protected Task MatchLateAsync(long uid, long sid, long at) => _underTest!.MatchLateAsync(uid, sid, at);

    /// <inheritdoc cref="IEngineUnderTest.SuperlikeLateAsync"/>
    protected Task SuperlikeLateAsync(long uid, long sid, long at) => _underTest!.SuperlikeLateAsync(uid, sid, at);

    /// <summary>Returns when everything that swipes and records lead to elsewhere is done.</summary>
    protected async Task QuietAsync()
    {
        await _underTest!.SettledAsync();
        await Eventually.HoldsAsync(async () => await CountAsync("follow_ups") == 0, "an empty outbox");
    }

    /// <summary>How many rows, of a table with what follows it, all shards have.</summary>
    protected async Task<long> CountAsync(string rows, object? parameters = null)
    {
        var count = 0L;
        foreach (var shard in Records.ShardKeys)
        {
            count += await Records.ReadAsync(shard, connection =>
                connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {rows}", parameters));
        }

        // The lane's thread must not wait for a test.
        await Task.Yield();
        return count;
    }

    /// <summary>Connects a device of the user and signs it in.</summary>
    private protected Device SignIn(long uid, long deviceId = 1) => new(_underTest!.Sessions, uid, deviceId);

    /// <summary>
    /// What a connection of the user is sent that comes back with the pushes up to <paramref name="seq"/>, and the seq that the reply
    /// says.
    /// </summary>
    private protected async Task<(long LastSeq, IReadOnlyList<ServerFrame> Sent)> ResumeAsync(long uid, long seq)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var output = new FrameOutput(pipe.Writer, maxUnsent: int.MaxValue, abort: () => { });
        var session = new Session($"resumed by {uid}", remote: null, output, maxInFlight: 1);
        _underTest!.Sessions.BeginSignIn(session, new Identity(uid, TokenId: 1, Expires: long.MaxValue));
        var lastSeq = await new MissedPushes(Engine.Pushes).SendAsync(session, uid, seq);
        _underTest.Sessions.Remove(session);
        // Not in a lane's scope, which sends later.
        await Task.Yield();
        output.Flush();
        return (lastSeq, pipe.Reader.TryRead(out var read) ? Wire.ReadAll(read.Buffer.ToArray()) : []);
    }

    /// <inheritdoc cref="IEngineUnderTest.PutSwipesAsync"/>
    protected Task PutSwipesAsync(long uid, IReadOnlyList<long> sids) => _underTest!.PutSwipesAsync(uid, sids);

    /// <inheritdoc cref="IEngineUnderTest.PassIndexOver"/>
    protected void PassIndexOver() => _underTest!.PassIndexOver();

    /// <inheritdoc cref="IEngineUnderTest.EmptyIndexAsync"/>
    protected Task EmptyIndexAsync() => _underTest!.EmptyIndexAsync();

    protected string NewPhone() => string.Create(CultureInfo.InvariantCulture, $"+999{Interlocked.Increment(ref _phones):D9}");

    /// <summary>Makes a user.</summary>
    protected async Task<Profile> NewPersonAsync(Func<Profile, Profile>? shape = null)
    {
        var profile = new Profile
        {
            Uid = Engine.NewUid(), Phone = NewPhone(), Created = Now, Sex = Sex.Female, Birthday = new DateOnly(1999, 4, 1),
            DatingSex = Sex.Male,
        };
        profile = shape?.Invoke(profile) ?? profile;
        Assert.True(await Engine.CreateUserAsync(profile));
        return profile;
    }

    /// <summary>Makes users, all at once.</summary>
    protected async Task<long[]> NewPeopleAsync(int count)
    {
        var people = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => NewPersonAsync()));
        return [.. people.Select(person => person.Uid)];
    }

    /// <summary>A swipe that must succeed.</summary>
    protected async Task<SwipeReply> SwipeAsync(long uid, long sid, SwipeKind kind = SwipeKind.Like, long? at = null)
    {
        var outcome = await Engine.Swipes.SwipeAsync(uid, sid, kind, at ?? Now);
        Assert.True(outcome.IsOk, outcome.Failure.Message);
        return outcome.Value;
    }

    /// <summary>
    /// A rewind that must succeed. Returns when the two may be swiped anew: the reply waits for that, too, but not for long.
    /// </summary>
    protected async Task<RewindReply> RewindToTheEndAsync(long uid, long at)
    {
        var outcome = await Engine.Swipes.RewindAsync(uid, at);
        Assert.True(outcome.IsOk, outcome.Failure.Message);
        await AwaitRewoundAsync(uid, outcome.Value.Sid);
        return outcome.Value;
    }

    /// <summary>Returns when nothing is left of a swipe that was taken back.</summary>
    protected Task AwaitRewoundAsync(long uid, long sid) => Eventually.HoldsAsync(
        async () => await CountAsync("swiped WHERE uid = @uid AND sid = @sid AND kind > 3", new { uid, sid }) == 0, "the end of a rewind");

    protected async Task<IReadOnlyList<StoredPush>> PushesAsync(long uid, long after = 0) =>
        (await Engine.Pushes.ReadAfterAsync(uid, after)).Pushes;

    protected static void AssertFailed<T>(StatusCode expected, Outcome<T> outcome) => Assert.Equal(expected, outcome.Failure.Code);
}
