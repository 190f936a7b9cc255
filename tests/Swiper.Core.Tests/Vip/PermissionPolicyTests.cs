using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Vip;

public sealed class PermissionPolicyTests
{
    private const long Ann = 1;
    private const long Bob = 2;

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly SomeLevels _levels = new();
    private readonly PermissionPolicy _policy;

    public PermissionPolicyTests() => _policy = new PermissionPolicy(_levels, _clock);

    [Fact]
    public void A_user_may_what_the_level_grants_until_it_ends()
    {
        _levels.Users[Ann] = new VipStatus(2, _clock.GetUtcNow().ToUnixTimeMilliseconds() + 10);
        Assert.Equal(default, _policy.Check(Ann, Permission.Rewind));
        Assert.Equal(new Failure(StatusCode.VipRequired, "who_liked_me"), _policy.Check(Ann, Permission.WhoLikedMe));
        Assert.Equal(new Failure(StatusCode.VipRequired, "rewind"), _policy.Check(Bob, Permission.Rewind));

        _clock.Advance(TimeSpan.FromMilliseconds(9));
        Assert.True(_policy.Has(Ann, Permission.Rewind));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_policy.Has(Ann, Permission.Rewind));
        Assert.Empty(_policy.Of(Ann).ToNames());
    }

    [Fact]
    public void A_change_of_the_table_counts_at_once_for_everybody_who_has_the_level()
    {
        _levels.Users[Ann] = new VipStatus(1, long.MaxValue);
        _levels.Levels = _levels.Levels.With(new VipLevel(1, "bronze", ["any_location", "of_a_newer_version"], []));
        Assert.Equal(["any_location"], _policy.Of(Ann).ToNames());
        _levels.Levels = _levels.Levels.With(new VipLevel(0, "basic", ["superlike"], []));
        Assert.Equal(["superlike"], _policy.Of(Bob).ToNames());
    }

    [Fact]
    public void Where_everything_is_free_nobody_needs_a_level() =>
        Assert.All(Enum.GetValues<Permission>(), permission => Assert.True(PermissionPolicy.GrantAll.Has(Bob, permission)));

    [Fact]
    public void A_check_allocates_nothing_whatever_comes_of_it()
    {
        _levels.Users[Ann] = new VipStatus(3, long.MaxValue);
        var policy = new PermissionPolicy(_levels, TimeProvider.System);
        var granted = 0;
        Check(100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101_000, granted);

        void Check(int times)
        {
            for (var i = 0; i < times; i++)
            {
                granted += policy.Check(Ann, Permission.UnlimitedLikes).Code == StatusCode.Ok ? 1 : 0;
                granted += policy.Check(Bob, Permission.UnlimitedLikes).Code == StatusCode.Ok ? 1 : 0;
            }
        }
    }

    private sealed class SomeLevels : IVipRepository
    {
        public Dictionary<long, VipStatus> Users { get; } = [];

        public VipLevels Levels { get; set; } = new(
        [
            new(1, "bronze", ["superlike"], []),
            new(2, "silver", ["superlike", "rewind"], []),
            new(3, "gold", [.. PermissionNames.All], []),
        ]);

        public VipStatus StatusOf(long uid) => Users.GetValueOrDefault(uid);

        public ValueTask<Outcome<VipStatus>> GrantAsync(long uid, int level, int days, long now) => throw new NotSupportedException();

        public ValueTask<Outcome<VipStatus>> RevokeAsync(long uid, long now) => throw new NotSupportedException();

        public ValueTask<Outcome<VipLevel>> ChangeLevelAsync(int level, VipLevelChange change) => throw new NotSupportedException();
    }
}
