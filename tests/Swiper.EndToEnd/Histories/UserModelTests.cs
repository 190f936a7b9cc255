using Swiper.Core.Protocol;
using Swiper.Tests.Shared.Histories;

namespace Swiper.EndToEnd.Histories;

/// <summary>Short histories of one person's day, made by hand.</summary>
public sealed class UserModelTests
{
    private const int LikesADay = 2;
    private const int RewindsADay = 3;
    private const int Like = 1;
    private const int Superlike = 2;

    [Fact]
    public void Likes_up_to_the_quota_are_new_and_one_more_is_refused()
    {
        Assert.Null(Check(New(1), New(2), Refused(3), New(4, Superlike), Left(3, 0)));
        Assert.NotNull(Check(New(1), New(2), New(3)));
        Assert.NotNull(Check(New(1), Refused(2)));
    }

    [Fact]
    public void Of_likes_at_the_same_moment_no_more_than_the_quota_pass()
    {
        var two = new[] { New(1), New(2), Refused(3) };
        var three = new[] { New(1), New(2), New(3) };
        Assert.Null(CheckTogether(two));
        Assert.NotNull(CheckTogether(three));
    }

    [Fact]
    public void A_like_that_is_taken_back_may_be_made_again()
    {
        Assert.Null(Check(New(1), New(2), Rewound(2, 2), Left(2, 1), New(3), Refused(4)));
        Assert.NotNull(Check(New(1), New(2), Rewound(1, 2)));
        Assert.NotNull(Check(New(1), New(2), Rewound(2, 2), New(3), New(4)));
    }

    [Fact]
    public void Three_rewinds_and_no_fourth()
    {
        UserDeed limit = new(UserAct.Rewind, Code: StatusCode.RewindLimit);
        UserDeed[] three = [New(1), Rewound(1, 2), New(1), Rewound(1, 1), New(1), Rewound(1, 0)];
        Assert.Null(Check([.. three, new(UserAct.Rewind, Code: StatusCode.NothingToRewind), New(1), limit]));
        Assert.NotNull(Check([.. three, New(1), Rewound(1, 0)]));
        Assert.NotNull(Check(New(1), limit));
    }

    [Fact]
    public void Without_a_reply_it_may_have_counted_or_not()
    {
        Assert.Null(Check(New(1), Lost(2), New(3), Refused(4)));
        Assert.Null(Check(New(1), Lost(2), Refused(3)));
        Assert.NotNull(Check(New(1), Lost(2), New(3), New(4)));
    }

    private static UserDeed New(long sid, int kind = Like) => new(UserAct.Swipe, sid, kind, StatusCode.Ok);

    private static UserDeed Lost(long sid) => new(UserAct.Swipe, sid, Like);

    private static UserDeed Refused(long sid) => new(UserAct.Swipe, sid, Like, StatusCode.LikeQuota);

    private static UserDeed Rewound(long sid, int left) => new(UserAct.Rewind, sid, Like, StatusCode.Ok, RewindsLeft: left);

    private static UserDeed Left(int rewinds, int likes) =>
        new(UserAct.UndoLeft, Code: StatusCode.Ok, RewindsLeft: rewinds, LikesLeft: likes);

    private static Violation<UserState, UserDeed>? Check(params UserDeed[] deeds) =>
        Check(deeds.Select((deed, index) => At(deed, 10 * index, 10 * index + 5)));

    private static Violation<UserState, UserDeed>? CheckTogether(UserDeed[] deeds) => Check(deeds.Select(deed => At(deed, 0, 10)));

    private static Violation<UserState, UserDeed>? Check(IEnumerable<Operation<UserDeed>> operations) =>
        Linearizability.Check(new UserModel(LikesADay, RewindsADay), [.. operations]);

    private static Operation<UserDeed> At(UserDeed deed, long from, long to) =>
        new(1, deed, from, deed.Code is null ? long.MaxValue : to, deed.Code is not null);
}
