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

/// <summary>
/// Where a block still has to end a match that may be being written (FriendRepository): in the other's shard, and then in its own.
/// </summary>
internal enum EndByBlock : byte
{
    None,
    OfOther,
    OfOwn,
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

    /// <summary>What its block still has to do.</summary>
    public EndByBlock IsEnding { get; init; }

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

    /// <summary>Neither of the match nor of its end this one is told.</summary>
    public Side Untold() => this with { Half = Half.None, Completed = false, Matches = (byte)Math.Max(0, Matches - 1) };

    /// <summary>It is told of the end of one match more.</summary>
    public Side Told() => this with { Unmatches = (byte)(Unmatches + 1) };

    /// <summary>It is told of the end of one match less.</summary>
    public Side Fewer() => this with { Unmatches = (byte)Math.Max(0, Unmatches - 1) };

    /// <summary>What may become of it when a block ends its half, written or not.</summary>
    public IEnumerable<Side> Ended(bool isTold)
    {
        var ended = this with { Half = Half.None };
        return Half switch
        {
            Half.Begun or Half.Friends => [isTold ? ended.Told() : ended, .. MayBeUntold ? [Untold()] : Array.Empty<Side>()],
            // Whatever is already ending it comes before this or after it.
            Half.Ending => [this, .. isTold ? Array.Empty<Side>() : [ended.Fewer()]],
            Half.Undone => [this, .. isTold ? [Told()] : Array.Empty<Side>()],
            _ => [this],
        };
    }

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
        + $"{(IsEnding == EndByBlock.None ? "" : ", ends it for " + IsEnding)}"
        + $"{(BlocksKnownTo != 0 ? $" (known to host {BlocksKnownTo})" : "")}, pushes {Matches}/{Superlikes}/{Unmatches}");
}

/// <summary>Two users, as one of them sees it.</summary>
/// <param name="Mine">What that one has done.</param>
/// <param name="Theirs">What the other has.</param>
/// <param name="IsOver">They were friends, and one of them ended that for good.</param>
internal readonly record struct PairState(Side Mine, Side Theirs, bool IsOver)
{
    /// <summary>They are former friends of whom one had taken back the swipe when all was at rest.</summary>
    public bool IsApart { get; init; }

    /// <summary>As the other sees it.</summary>
    public PairState Turned() => this with { Mine = Theirs, Theirs = Mine };

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

    /// <summary>What may have become of the two by itself so far, themselves included.</summary>
    /// <param name="all">Only what they are once nothing more can come about by itself.</param>
    public IEnumerable<PairState> Settling(bool all = false)
    {
        var seen = new HashSet<PairState> { this };
        var left = new Stack<PairState>(seen);
        while (left.TryPop(out var state))
        {
            var next = state.Steps().ToArray();
            if (next.Length == 0 || !all)
                yield return state;
            foreach (var one in next.Where(seen.Add))
                left.Push(one);
        }
    }

    private IEnumerable<PairState> Steps() =>
    [
        .. Decided() is { } decided ? [decided] : Array.Empty<PairState>(),
        .. EndedByBlock(), .. Turned().EndedByBlock().Select(one => one.Turned()),
    ];

    // The other's half first, unless the other's like has been taken back.
    private IEnumerable<PairState> EndedByBlock()
    {
        var (mine, theirs) = (Mine, Theirs);
        return mine.IsEnding switch
        {
            EndByBlock.OfOther when !theirs.Likes => [this with { Mine = mine with { IsEnding = EndByBlock.None } }],
            EndByBlock.OfOther =>
                from them in theirs.Ended(isTold: true) select new PairState(mine with { IsEnding = EndByBlock.OfOwn }, them, true),
            EndByBlock.OfOwn =>
                from me in mine.Ended(isTold: false) select new PairState(me with { IsEnding = EndByBlock.None }, theirs, true),
            _ => [],
        };
    }

    private PairState Landed() => this with { Mine = Mine.Landed(), Theirs = Theirs.Landed() };

    public override string ToString() => $"the one: {Mine}; the other: {Theirs}{(IsOver ? "; former friends" : "")}";
}
