using System.Globalization;

namespace Swiper.EndToEnd.Histories;

/// <summary>One user's half of a friendship.</summary>
internal enum Half : byte
{
    None,

    /// <summary>The swipe that completed the match is under way: each half is written by itself.</summary>
    Begun,
    Friends,

    /// <summary>The other has ended it; this one loses the friend a moment later.</summary>
    Ending,

    /// <summary>One of the swipes was taken back; what follows from that follows a moment later.</summary>
    Undone,
}

/// <summary>What one of two users has done about the other.</summary>
internal readonly record struct Side
{
    public const int Nobody = -1;

    /// <summary>How the other was swiped.</summary>
    public Deed Kind { get; init; }

    /// <summary>That swipe, or its end, has not been acknowledged: lists may show it or not.</summary>
    public bool IsInFlight { get; init; }

    /// <summary>There was no reply to that swipe.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>That swipe completed the match.</summary>
    public bool Completed { get; init; }

    /// <summary>That like is recorded, and whether it is a match is not decided yet.</summary>
    public bool IsUndecided { get; init; }

    public Half Half { get; init; }

    public bool Blocks { get; init; }

    /// <summary>
    /// The host on which the block was made; others may not have heard of it. 0 if all have, and <see cref="Nobody"/> after an unblock:
    /// hosts that hear of an earlier block while its shard is away keep the two apart until it is back.
    /// </summary>
    public int BlocksKnownTo { get; init; }

    /// <summary>Pushes of each kind that are due.</summary>
    public byte Matches { get; init; }

    public byte Superlikes { get; init; }

    public byte Unmatches { get; init; }

    public bool Likes => Kind is Deed.Like or Deed.Superlike;

    public bool IsFriend => Half is Half.Begun or Half.Friends;

    /// <summary>
    /// Whether the match may end before this side's half is written: not where the reply to the side's own swipe has said that it is.
    /// </summary>
    public bool MayBeUntold => Half == Half.Begun && (!Completed || IsUnanswered);

    /// <summary>Whether it blocks the other, as far as that is certain on a host.</summary>
    public bool? BlocksOn(int host) => BlocksKnownTo == 0 || BlocksKnownTo == host ? Blocks : null;

    /// <summary>The friendship is over for this side.</summary>
    public Side Landed() => Half == Half.Undone ? this with { Half = Half.None, Completed = false } : this;

    /// <summary>All that was under way has come to its end.</summary>
    public Side AtRest() => Landed() with
    {
        IsUndecided = false,
        IsUnanswered = false,
        IsInFlight = false,
        BlocksKnownTo = 0,
        Half = Half switch { Half.Begun => Half.Friends, Half.Ending or Half.Undone => Half.None, var half => half },
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Kind}{(IsInFlight ? " (in flight)" : "")}{(IsUndecided ? " (undecided)" : "")}{(Completed ? ", completed the match" : "")}"
        + $", {Half}{(Blocks ? ", blocks" : "")}"
        + $"{(BlocksKnownTo != 0 ? $" (known to host {BlocksKnownTo})" : "")}, pushes {Matches}/{Superlikes}/{Unmatches}");
}

/// <summary>Two users, as one of them sees it.</summary>
/// <param name="Mine">What that one has done.</param>
/// <param name="Theirs">What the other has.</param>
/// <param name="IsOver">They were friends, and one of them ended that for good.</param>
internal readonly record struct PairState(Side Mine, Side Theirs, bool IsOver)
{
    /// <summary>As the other sees it.</summary>
    public PairState Turned() => new(Theirs, Mine, IsOver);

    /// <summary>Whether they may not meet, as far as that is certain on a host.</summary>
    public bool? IsBlocked(int host) => Mine.BlocksOn(host) | Theirs.BlocksOn(host);

    /// <summary>The match of the two likes, this one's being the later one.</summary>
    public PairState Matched() => this with
    {
        Mine = Mine with { Completed = true, IsUndecided = false, Half = Half.Begun, Matches = (byte)(Mine.Matches + 1) },
        Theirs = Theirs with { Completed = false, IsUndecided = false, Half = Half.Begun, Matches = (byte)(Theirs.Matches + 1) },
    };

    /// <summary>What is made of likes that were recorded, and not decided; null if nothing is.</summary>
    public PairState? Decided() =>
        IsOver || !Mine.Likes || !Theirs.Likes ? null
        : Mine.IsUndecided ? Landed().Matched()
        : Theirs.IsUndecided ? Landed().Turned().Matched().Turned()
        : null;

    private PairState Landed() => this with { Mine = Mine.Landed(), Theirs = Theirs.Landed() };

    public override string ToString() => $"the one: {Mine}; the other: {Theirs}{(IsOver ? "; former friends" : "")}";
}
