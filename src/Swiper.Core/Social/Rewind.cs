using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Social;

public readonly record struct RewindReply(
    [Description("the user whose swipe was taken back")] long Sid,
    [Description("how they had been swiped")] SwipeKind Kind,
    [Description("rewinds that are left today"), Within(0, SwipeRules.RewindsADay)] int LeftToday) : IPayload<RewindReply>
{
    public static RewindReply Read(scoped ref FieldReader fields) => new(
        fields.Int64("sid"), (SwipeKind)fields.Int32("kind", (int)SwipeKind.Like, (int)SwipeKind.Dislike),
        fields.Int32("left_today", 0, SwipeRules.RewindsADay));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Sid);
        writer.WriteInt64((byte)Kind);
        writer.WriteInt64(LeftToday);
    }
}

public readonly record struct UndoLeftReply(
    [Description("rewinds that are left today; 0 for a user who may not rewind"), Within(0, SwipeRules.RewindsADay)] int RewindsLeft,
    [Description("likes that are left today; nil if they are unlimited")] long? LikesLeft,
    [Description("when the day ends: 00:00 UTC"), Time] long DayEnds) : IPayload<UndoLeftReply>
{
    public static UndoLeftReply Read(scoped ref FieldReader fields) => new(
        fields.Int32("rewinds_left", 0, SwipeRules.RewindsADay), fields.OptionalInt64("likes_left"), fields.Int64("day_ends"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(RewindsLeft);
        writer.WriteOptionalInt64(LikesLeft);
        writer.WriteInt64(DayEnds);
    }
}

[Description("Takes back the user's last swipe, if it is at most 5 minutes old, and with it all that it led to: points, a superlike's "
    + "place in the other user's deck, the day's like, and a match. Both lose the friend, and the other user gets push 706. The person "
    + "may come up in decks again, and be swiped again in any way; but a former friend, with whom `unfriend` or a block has ended it "
    + "before, comes up in no list again, and no swipe of them is a match. "
    + "Called again, it takes back the swipe before. The reply is sent when "
    + "all of this is done, and at the latest a second after the swipe was taken back: if a store does not answer, friends and lists "
    + "follow.")]
internal sealed class RewindHandler(ISwipeRepository swipes, TimeProvider clock) : IDeferredHandler<NoArgs, RewindReply>
{
    public ValueTask<Outcome<RewindReply>> HandleAsync(Session session, NoArgs request) => swipes.RewindAsync(session.Uid, clock.NowMs());
}

[Description("Returns how many rewinds and likes the user has left today.")]
internal sealed class UndoLeftHandler(ISwipeRepository swipes, PermissionPolicy permissions, TimeProvider clock)
    : IDeferredHandler<NoArgs, UndoLeftReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<UndoLeftReply>> HandleAsync(Session session, NoArgs request)
    {
        var (uid, now) = (session.Uid, clock.NowMs());
        var used = await swipes.ReadUseAsync(uid, WireTime.DayNumber(now));
        return new UndoLeftReply(
            permissions.Has(uid, Permission.Rewind) ? Math.Max(0, SwipeRules.RewindsADay - used.Rewinds) : 0,
            permissions.Has(uid, Permission.UnlimitedLikes) ? null : Math.Max(0, SwipeRules.LikesADay - used.Likes),
            SwipeRules.EndOfDay(now));
    }
}
