using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Vip;

public sealed class VipStatusTests
{
    private const long Now = 1_767_225_600_000;
    private const long Day = 86_400_000;

    [Fact]
    public void A_level_counts_until_right_before_its_end()
    {
        var silver = new VipStatus(2, Now);
        Assert.Equal(silver, silver.At(Now - 1));
        Assert.Equal(VipStatus.None, silver.At(Now));
        Assert.Equal(VipStatus.None, VipStatus.None.At(0));
    }

    [Fact]
    public void A_first_level_lasts_from_now()
    {
        Assert.Equal(new VipStatus(1, Now + 30 * Day), Granted(VipStatus.None, 1, 30));
        Assert.Equal(new VipStatus(1, Now + 30 * Day), Granted(new VipStatus(3, Now), 1, 30));
    }

    [Fact]
    public void The_same_level_lasts_longer() =>
        Assert.Equal(new VipStatus(2, Now + 5 + 30 * Day), Granted(new VipStatus(2, Now + 5), 2, 30));

    [Fact]
    public void A_higher_level_replaces_a_lower_one_from_now() =>
        Assert.Equal(new VipStatus(3, Now + Day), Granted(new VipStatus(2, Now + 100 * Day), 3, 1));

    [Fact]
    public void A_lower_level_than_the_user_has_is_refused()
    {
        var refused = new VipStatus(3, Now + 1500).Grant(2, 1, Now).Failure;
        Assert.Equal(StatusCode.DataError, refused.Code);
        Assert.Equal("the user has level 3 until 2026-01-01 00:00:01 UTC: revoke it first", refused.Message);
    }

    [Theory]
    [InlineData(-1, 30, "level: -1 is not between 1 and 3")]
    [InlineData(0, 30, "level: 0 is not between 1 and 3")]
    [InlineData(1, 30, null)]
    [InlineData(3, 30, null)]
    [InlineData(4, 30, "level: 4 is not between 1 and 3")]
    [InlineData(9, 30, "level: 9 is not between 1 and 3")]
    [InlineData(1, -1, "days: -1 is not between 1 and 3650")]
    [InlineData(1, 0, "days: 0 is not between 1 and 3650")]
    [InlineData(1, 1, null)]
    [InlineData(1, 3650, null)]
    [InlineData(1, 3651, "days: 3651 is not between 1 and 3650")]
    [InlineData(1, 40_000, "days: 40000 is not between 1 and 3650")]
    [InlineData(1, int.MaxValue, "days: 2147483647 is not between 1 and 3650")]
    public void Levels_and_days_have_bounds(int level, int days, string? problem)
    {
        var outcome = VipStatus.None.Grant(level, days, Now);
        Assert.Equal(problem, outcome.IsOk ? null : outcome.Failure.Message);
        Assert.True(outcome.IsOk || outcome.Failure.Code == StatusCode.BadParams);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_level_that_is_extended_again_and_again_lasts_for_ten_years_at_most(long more, bool isAllowed) =>
        Assert.Equal(isAllowed, new VipStatus(1, Now + 3649 * Day + more).Grant(1, 1, Now).IsOk);

    private static VipStatus Granted(VipStatus before, int level, int days) => before.Grant(level, days, Now).Value;
}
