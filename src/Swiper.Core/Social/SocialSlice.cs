using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Vip;

namespace Swiper.Core.Social;

/// <summary>Seeing people and deciding about them.</summary>
public sealed class SocialSlice(
    ISwipeRepository swipes, IDeckRepository decks, ILikeRepository likes, IAccountRepository accounts, PermissionPolicy permissions,
    TimeProvider clock) : ISlice
{
    public void Map(OpcodeTable table) => table
        .Defer(Opcode.Deck, Access.SignedIn, new DeckHandler(decks, accounts, clock))
        .Defer(Opcode.Swipe, Access.SignedIn, new SwipeHandler(swipes, permissions, clock))
        .Defer(Opcode.LikedMe, Access.SignedIn, new LikedMeHandler(likes, permissions));
}
