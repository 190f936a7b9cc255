using System.Globalization;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage.Cluster;
using Swiper.Storage.Sharding;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>One host of a cluster: an engine, and the sessions that it pushes to.</summary>
internal sealed class TestHost(ClusterOptions options, TimeProvider clock) : IAsyncDisposable
{
    private static int _phones;

    private readonly ShardMap _map = new(options.Shards.Count);

    public SessionRegistry Sessions { get; } = new();

    public RecordedLog<ClusterStorage> Log { get; } = new();

    public ClusterStorage Engine => field ??= new ClusterStorage(options, Sessions, clock, Log);

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Signs a device of the user in.</summary>
    public Device SignIn(long uid, long deviceId = 1) => new(Sessions, uid, deviceId);

    /// <summary>Makes a user, of a shard where it matters.</summary>
    public async Task<Profile> NewPersonAsync(int? shard = null, Func<Profile, Profile>? shape = null)
    {
        long uid;
        do
            uid = Engine.NewUid();
        while (shard is { } wanted && _map.ShardOf(uid) != wanted);
        var phone = string.Create(CultureInfo.InvariantCulture, $"+998{Interlocked.Increment(ref _phones):D9}");
        var birthday = WireTime.Day(Now).AddYears(-25);
        var profile = new Profile
        {
            Uid = uid,
            Phone = phone,
            Created = Now,
            Sex = Sex.Female,
            Birthday = birthday,
            DatingSex = Sex.Female,
        };
        profile = shape?.Invoke(profile) ?? profile;
        Assert.True(await OffTheLaneAsync(Engine.CreateUserAsync(profile)));
        return profile;
    }

    public async Task<long> NewUidAsync(int? shard = null) => (await NewPersonAsync(shard)).Uid;

    /// <summary>Makes users, all at once.</summary>
    public async Task<long[]> NewUidsAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => NewUidAsync()));

    /// <summary>A swipe that must succeed.</summary>
    public async Task<SwipeReply> SwipeAsync(long uid, long sid, SwipeKind kind = SwipeKind.Like, long? at = null)
    {
        var outcome = await OffTheLaneAsync(Engine.Swipes.SwipeAsync(uid, sid, kind, at ?? Now));
        Assert.True(outcome.IsOk, outcome.Failure.Message);
        return outcome.Value;
    }

    /// <summary>A swipe that the store can't answer now.</summary>
    public Task FailToSwipeAsync(long uid, long sid, SwipeKind kind = SwipeKind.Like) =>
        Assert.ThrowsAsync<StoreUnavailableException>(() => OffTheLaneAsync(Engine.Swipes.SwipeAsync(uid, sid, kind, Now)));

    /// <summary>Everybody whom the user is shown, in order.</summary>
    public async Task<long[]> DeckAsync(Profile me) =>
        [.. (await OffTheLaneAsync(Engine.Decks.DrawAsync(me, 100, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime))))
            .People.Select(person => person.Uid)];

    /// <summary>Everybody who likes the user, newest first.</summary>
    public async Task<long[]> LikersAsync(long uid) =>
        [.. (await OffTheLaneAsync(Engine.Likes.ReadAsync(uid, null, 100))).Select(like => like.Uid)];

    /// <summary>All kept pushes of a user.</summary>
    public async Task<IReadOnlyList<StoredPush>> PushesAsync(long uid) =>
        (await OffTheLaneAsync(Engine.Pushes.ReadAfterAsync(uid, 0))).Pushes;

    public async Task<bool> AreFriendsAsync(long uid, long other) => await OffTheLaneAsync(Engine.Friends.AreFriendsAsync(uid, other));

    public ValueTask DisposeAsync() => Engine.DisposeAsync();

    // Who awaits an engine goes on on the lane's thread, and a test that then waits for something would have the lane wait with it.
    private static async Task<T> OffTheLaneAsync<T>(ValueTask<T> answer)
    {
        var result = await answer.ConfigureAwait(false);
        await Task.Yield();
        return result;
    }
}
