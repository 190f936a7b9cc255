using System.ComponentModel;

namespace Swiper.Core.Vip;

/// <summary>What a VIP level may grant. Written in snake case on the wire.</summary>
[Description("What a VIP level may grant.")]
public enum Permission : byte
{
    Superlike,
    Rewind,
    WhoLikedMe,
    UnlimitedLikes,
    AnyLocation,
}
