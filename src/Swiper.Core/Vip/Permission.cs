namespace Swiper.Core.Vip;

/// <summary>What a VIP level may grant. Written in snake case on the wire.</summary>
public enum Permission : byte
{
    Superlike,
    Rewind,
    WhoLikedMe,
    UnlimitedLikes,
    AnyLocation,
}
