using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Social;

/// <summary>Seeing people and deciding about them.</summary>
public sealed class SocialSlice(
    ISwipeRepository swipes, IDeckRepository decks, ILikeRepository likes, IAccountRepository accounts, IBlockRepository blocks,
    IActivityRepository activity, IPageCursors cursors, PermissionPolicy permissions, TimeProvider clock) : ISlice
{
    public void Map(OpcodeTable table) => table
        .Defer(Opcode.Deck, new DeckHandler(decks, accounts, activity, permissions, clock), new()
        {
            Cost = RequestCost.Search,
            MayRepeat = true,
            Failures = [StatusCode.NoSuchUser],
        })
        .Defer(Opcode.Swipe, new SwipeHandler(swipes, blocks, activity, permissions, clock), new()
        {
            Cost = RequestCost.Swipe,
            // Nobody swipes whom a block before it in the pipeline has just shut out.
            AfterWrites = true,
            MayRepeat = true,
            ConditionalPermissions = [new(Permission.Superlike, "a superlike")],
            Failures = [StatusCode.RepeatSwipe, StatusCode.SelfSwipe, StatusCode.NoSuchUser, StatusCode.LikeQuota, StatusCode.Blocked],
        })
        .Defer(Opcode.Rewind, new RewindHandler(swipes, clock), new()
        {
            Cost = RequestCost.Write,
            Permission = Permission.Rewind,
            Failures = [StatusCode.NothingToRewind, StatusCode.RewindLimit, StatusCode.RewindTooLate],
        })
        .Defer(Opcode.UndoLeft, new UndoLeftHandler(swipes, permissions, clock), new() { MayRepeat = true })
        .Defer(Opcode.LikedMe, new LikedMeHandler(likes, blocks, cursors), new()
        {
            Permission = Permission.WhoLikedMe,
            MayRepeat = true,
        })
        .Push<PersonPush>(Opcode.Matched, "The user and another like each other.")
        .Push<PersonPush>(Opcode.Superliked, "Someone superliked the user.");
}
