using Swiper.Core.Protocol;

namespace Swiper.EndToEnd.Histories;

/// <summary>What people do to each other and ask of each other; swipes have the numbers of their kinds.</summary>
internal enum Deed : byte
{
    None = 0,
    Like = 1,
    Superlike = 2,
    Dislike = 3,
    Rewind,
    Friend,
    Unfriend,
    Block,
    Unblock,
    LikedMe,
    Deck,
    UndoLeft,

    /// <summary>All pushes that are kept.</summary>
    Pushes,

    /// <summary>The rows of the shards, read behind the server's back.</summary>
    Stored,

    /// <summary>Nobody asks for anything, and all that was begun has ended.</summary>
    Quiet,
}

/// <param name="Deed">What is asked.</param>
/// <param name="Uid">By whom.</param>
/// <param name="Other">About whom; 0 if about nobody.</param>
internal readonly record struct Call(Deed Deed, long Uid, long Other = 0)
{
    public bool IsSwipe => Deed is Deed.Like or Deed.Superlike or Deed.Dislike;
}

/// <summary>A push as it came over the wire.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Opcode">Which.</param>
/// <param name="Subject">About whom.</param>
internal readonly record struct SeenPush(long Seq, Opcode Opcode, long Subject);

/// <summary>A reply.</summary>
/// <param name="Code">Its code.</param>
internal sealed record Answer(StatusCode Code)
{
    /// <summary>Of a swipe.</summary>
    public bool Matched { get; init; }

    /// <summary>Of a swipe.</summary>
    public bool Repeated { get; init; }

    /// <summary>Of a rewind: whose swipe was taken back.</summary>
    public long Sid { get; init; }

    /// <summary>Of a rewind, how they had been swiped; of what is stored, how they are.</summary>
    public Deed Kind { get; init; }

    /// <summary>Of a list; of what is stored, the friends.</summary>
    public IReadOnlySet<long> People { get; init; } = new HashSet<long>();

    public int RewindsLeft { get; init; }

    public long? LikesLeft { get; init; }

    public IReadOnlyList<SeenPush> Pushes { get; init; } = [];
}

/// <summary>What was asked on a connection, when, and what was answered.</summary>
/// <param name="Connection">Which.</param>
/// <param name="Host">Of which host; 0 where there is only one.</param>
/// <param name="Call">What was asked.</param>
/// <param name="Answer">Null without a reply, or with one that leaves open whether it happened.</param>
/// <param name="Invoked">When, in microseconds.</param>
/// <param name="Returned">When the reply was there.</param>
internal sealed record Recorded(int Connection, int Host, Call Call, Answer? Answer, long Invoked, long Returned)
{
    /// <summary>Whether this may have changed something of others that was asked at the same time.</summary>
    public bool Overlaps(Recorded other) =>
        Invoked < (other.Answer is null ? long.MaxValue : other.Returned) && other.Invoked < (Answer is null ? long.MaxValue : Returned);
}
