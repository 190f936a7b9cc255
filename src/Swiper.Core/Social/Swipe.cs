using System.ComponentModel;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Social;

public readonly record struct SwipeRequest(
    [Description("the user to swipe")] long Sid,
    [Description("what the user decides")] SwipeKind Kind) : IPayload<SwipeRequest>
{
    public static SwipeRequest Read(scoped ref FieldReader fields) =>
        new(fields.Int64("sid"), (SwipeKind)fields.Int32("kind", (int)SwipeKind.Like, (int)SwipeKind.Dislike));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(Sid);
        writer.WriteInt64((byte)Kind);
    }
}

public readonly record struct SwipeReply(
    [Description("this swipe completed a match")] bool Matched,
    [Description("the same swipe was made before; `matched` repeats its result")] bool Repeated) : IPayload<SwipeReply>
{
    public static SwipeReply Read(scoped ref FieldReader fields) => new(fields.Boolean("matched"), fields.Boolean("repeated"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteBoolean(Matched);
        writer.WriteBoolean(Repeated);
    }
}

[Description("Records a like, superlike or dislike. The reply is sent once the swipe is durable. When two users like each other, both get "
    + "push 701, and exactly one of the two swipes returns `matched`: the second, after its own 701. A superlike is pushed to the other "
    + "user as 702. Users without `unlimited_likes` have 100 likes a day. The swiped user gains or loses points on the boards, by "
    + "[the rules in numbers](#rules-in-numbers).")]
internal sealed class SwipeHandler(
    ISwipeRepository swipes, IBlockRepository blocks, IActivityRepository activity, PermissionPolicy permissions, TimeProvider clock)
    : IDeferredHandler<SwipeRequest, SwipeReply>
{
    private static readonly Failure SelfSwipe = new(StatusCode.SelfSwipe, "you can't swipe yourself");

    public ValueTask<Outcome<SwipeReply>> HandleAsync(Session session, SwipeRequest request)
    {
        var uid = session.Uid;
        if (request.Sid == uid)
            return ValueTask.FromResult<Outcome<SwipeReply>>(SelfSwipe);
        if (request.Kind == SwipeKind.Superlike && permissions.Check(uid, Permission.Superlike) is { Code: not StatusCode.Ok } denied)
            return ValueTask.FromResult<Outcome<SwipeReply>>(denied);
        if (blocks.AreBlocked(uid, request.Sid))
            return ValueTask.FromResult<Outcome<SwipeReply>>(IBlockRepository.Blocked);
        activity.Note(uid);
        var isLimited = request.Kind == SwipeKind.Like && !permissions.Has(uid, Permission.UnlimitedLikes);
        return swipes.SwipeAsync(uid, request.Sid, request.Kind, clock.NowMs(), isLimited ? SwipeRules.LikesADay : int.MaxValue);
    }
}
