using System.ComponentModel;

namespace Swiper.Core.Social;

/// <summary>What one person decided about another. The numbers are on the wire and in the stores: they never change.</summary>
[Description("What a user decided about another.")]
public enum SwipeKind : byte
{
    Like = 1,
    Superlike = 2,
    Dislike = 3,
}
