using Swiper.Core.Protocol;
using Swiper.Tests.Shared.Histories;

namespace Swiper.EndToEnd.Histories;

/// <summary>What one of two users asks about the other, or what the two can tell of a deed of one of them.</summary>
/// <param name="Deed">What is asked.</param>
/// <param name="Uid">By whom.</param>
/// <param name="Host">On which host.</param>
/// <param name="Answer">Null without one.</param>
/// <param name="Settles">
/// The reply ends what was in flight: not where a rewind at the same time may have been for another swipe than this one, nor where a
/// rewind was answered before all that follows from it was done.
/// </param>
/// <param name="MeetsABlock">One of the two blocked the other while this was under way.</param>
/// <param name="MeetsAnEnd">One of the two blocked the other or ended their friendship while this was under way.</param>
/// <param name="MeetsASwipe">
/// One of the two swiped the other, and was answered, while this was under way, or so that this host's index may still lack it; or this
/// lists the other, whose like has no reply.
/// </param>
internal readonly record struct PairDeed(
    Deed Deed, long Uid, int Host, Answer? Answer, bool Settles, bool MeetsABlock, bool MeetsAnEnd, bool MeetsASwipe)
{
    public override string ToString() => $"{Uid} {Deed} @{Host} -> " + (Answer, Deed) switch
    {
        (null, _) => "no reply",
        ({ Code: not StatusCode.Ok and var code }, _) => $"{(int)code} {code}",
        (var answer, Deed.Like or Deed.Superlike or Deed.Dislike) =>
            (answer.Repeated ? "repeated" : "new") + (answer.Matched ? ", matched" : ""),
        (var answer, Deed.Rewind) => $"{answer.Kind}",
        (var answer, Deed.LikedMe or Deed.Deck) => answer.People.Count > 0 ? "the other" : "without the other",
        (var answer, Deed.Stored) => $"{answer.Kind}{(answer.People.Count > 0 ? ", friends" : "")}",
        (var answer, Deed.Pushes) => string.Join(' ', answer.Pushes.Select(push => $"{push.Seq}:{push.Opcode}")),
        _ => "ok",
    };
}

/// <summary>
/// What two users may do to each other, and what they are told and see of it, one after the other. It is strict but for what documents
/// leave open:
/// <list type="bullet">
/// <item>a list (`liked_me`, `deck`) shows a swipe "once its swipe is acknowledged" (ILikeRepository), and until then may or may not, also
/// before it is decided whether that is a match: it may still be the one that completes it;</item>
/// <item>the halves of a match are written one after the other, if not in one shard (ARCHITECTURE, the path of a swipe in the cluster):
/// until the swipe that completed it is acknowledged, each of the two may or may not have the friend;</item>
/// <item>after `unfriend` "the other user loses the friend a moment later" (IFriendRepository), and a rewind is answered when the
/// friendship has ended, "but not for long" waits for that (Rewinds);</item>
/// <item>a swipe that was not answered "may have been carried out in part; sending it again ... completes it" (1004): until then it may be
/// recorded, and whether it is a match is decided later, or never if the other's like is taken back before;</item>
/// <item>a match that has ended before it "has got here" (FriendRepository) is over, also where a rewind has ended it: the other hears of
/// neither;</item>
/// <item>two who end a friendship at the same moment: each may be told of what the other did, or not;</item>
/// <item>a match that is being written when one of the two blocks the other, or ends it, "is over for good" (BlockedMatchContract): the
/// swipe that would have completed it is then answered as new, without a match, and each of the two may have been told of it or not,
/// but the swiper only with the reply `matched`;</item>
/// <item>a like that was let pass before a host knew of a block may still begin a friendship, which ends with the unblock
/// (BlockRepository);</item>
/// <item>former friends do not come up for each other again after a rewind, once all that follows from it is done, of which hosts hear as
/// of a block (decision 41);</item>
/// <item>other hosts hear of a block "at once, mostly", and otherwise within a second or so (decision 10);</item>
/// <item>when Redis is back, lists of another host may lack what was answered while it was away, until the swipe's host has reached it
/// (decision 16).</item>
/// </list>
/// </summary>
/// <param name="other">The one whose side of the state is the other's.</param>
internal sealed class PairModel(long other) : ISequentialModel<PairState, PairDeed>
{
    public PairState Initial => default;

    public IEnumerable<PairState> Apply(PairState state, PairDeed deed)
    {
        var turned = deed.Uid == other ? state.Turned() : state;
        var after = turned.Settling(all: deed.Deed == Deed.Quiet).SelectMany(one => After(one, deed)).Distinct();
        return deed.Uid == other ? after.Select(one => one.Turned()) : after;
    }

    public PairState Acknowledge(PairState state, PairDeed deed) =>
        !deed.Settles || deed.Answer is not { Code: StatusCode.Ok } answer ? state
        : deed.Uid == other ? Acknowledge(state.Turned(), deed.Deed, answer).Turned()
        : Acknowledge(state, deed.Deed, answer);

    public bool IsObservation(PairDeed deed) => deed.Answer is { } answer && (answer.Code != StatusCode.Ok || answer.Repeated
        || deed.Deed is Deed.Friend or Deed.LikedMe or Deed.Deck or Deed.Pushes or Deed.Stored);

    private static IEnumerable<PairState> After(PairState state, PairDeed deed) => deed.Deed switch
    {
        Deed.Like or Deed.Superlike or Deed.Dislike => Swipe(state, deed),
        Deed.Rewind => Rewind(state, deed.Answer),
        Deed.Friend => Friend(state, deed),
        Deed.Unfriend => Unfriend(state, deed.Answer),
        Deed.Block => Block(state, deed),
        Deed.Unblock => Unblock(state, deed.Host),
        Deed.LikedMe => If(
            deed.MeetsASwipe || IsLiked(state, deed.Host) is not { } isLiked || isLiked == deed.Answer!.People.Count > 0, state),
        Deed.Deck => If(deed.MeetsASwipe || deed.Answer!.People.Count == 0 || MayMeet(state, deed.Host) != false, state),
        Deed.Stored => If(
            deed.Answer!.Kind == state.Mine.Kind && deed.Answer.People.Count > 0 == (state.Mine.Half == Half.Friends), state),
        Deed.Pushes => If(AreTold(state.Mine, deed.Answer!.Pushes), state),
        // Then both are friends, or neither.
        Deed.Quiet => If(
            state.Mine.AtRest().IsFriend == state.Theirs.AtRest().IsFriend, new(state.Mine.AtRest(), state.Theirs.AtRest(), state.IsOver)
            {
                IsApart = state.IsOver && (state.Mine.Kind == Deed.None || state.Theirs.Kind == Deed.None),
            }),
        _ => throw new ArgumentOutOfRangeException(nameof(deed), deed, "not about two people"),
    };

    private static PairState[] Swipe(PairState state, PairDeed deed)
    {
        var (mine, theirs, kind, answer) = (state.Mine, state.Theirs, deed.Deed, deed.Answer);
        var isBlocked = deed.MeetsABlock ? null : state.IsBlocked(deed.Host);
        if (isBlocked == true || answer?.Code == StatusCode.Blocked)
            return If(answer?.Code == StatusCode.Blocked && isBlocked != false, state);
        if (mine.Kind == kind)
        {
            // Sent again, it is decided.
            if (answer is not { Code: StatusCode.Ok, Repeated: true } || (mine.IsUndecided && state.Decided() is not null))
                return [];
            if (answer.Matched == mine.Completed)
                return [state];
            // The other's swipe has just been taken back.
            return If(!answer.Matched && mine.Half == Half.Undone, state with { Mine = mine.Landed() });
        }

        if (mine.Kind != Deed.None)
            return If(answer?.Code == StatusCode.RepeatSwipe, state);
        if (answer is not (null or { Code: StatusCode.Ok, Repeated: false }))
            return [];

        var likes = kind != Deed.Dislike;
        var matched = likes && theirs.Likes && !state.IsOver;
        // Nobody can be swiped anew before all that followed from the last time has ended.
        mine = mine.Landed() with { Kind = kind, IsInFlight = true, IsUnanswered = answer is null };
        theirs = theirs.Landed();
        if (kind == Deed.Superlike)
            theirs = theirs with { Superlikes = (byte)(theirs.Superlikes + 1) };
        var after = state with { Mine = mine, Theirs = theirs };
        if (!matched)
            return If(answer is not { Matched: true }, after);
        PairState[] forestalled = deed.MeetsAnEnd ? Forestalled(after) : [];
        return answer switch
        {
            null => [after.Matched(), after with { Mine = mine with { IsUndecided = true } }, .. forestalled],
            { Matched: true } => [after.Matched()],
            _ => forestalled,
        };
    }

    /// <summary>
    /// The match ended before this one's half was written: the other has heard of it and of its end, or only of it, or not.
    /// </summary>
    private static PairState[] Forestalled(PairState state)
    {
        var told = state.Theirs with { Matches = (byte)(state.Theirs.Matches + 1) };
        return
        [
            state with { IsOver = true },
            // It is the other who ends it.
            state with { Theirs = told with { Half = Half.Begun } },
            state with { Theirs = told, IsOver = true },
            state with { Theirs = told with { Half = Half.Ending, Unmatches = (byte)(told.Unmatches + 1) }, IsOver = true },
        ];
    }

    private static PairState[] Rewind(PairState state, Answer? answer)
    {
        var (mine, theirs) = (state.Mine, state.Theirs);
        if (mine.Kind == Deed.None)
            return If(answer?.Code == StatusCode.NothingToRewind, state);
        if (answer is not (null or { Code: StatusCode.Ok }) || (answer is not null && answer.Kind != mine.Kind))
            return [];
        var wereFriends = mine.IsFriend && !state.IsOver;
        mine = mine with { Kind = Deed.None, IsInFlight = true, IsUndecided = false, Completed = false };
        if (wereFriends)
        {
            mine = mine with { Half = Half.Undone };
            theirs = theirs with { Half = Half.Undone, Unmatches = (byte)(theirs.Unmatches + 1) };
        }

        var after = state with { Mine = mine, Theirs = theirs };
        if (wereFriends)
        {
            return
            [
                .. from me in state.Mine.MayBeUntold ? [mine, mine.Untold()] : new[] { mine }
                   from them in state.Theirs.MayBeUntold ? [theirs, state.Theirs.Untold()] : new[] { theirs }
                   select after with { Mine = me, Theirs = them },
            ];
        }

        // The end by this rewind and another one meet: who is told, and whether the match is remembered, depends on which comes first.
        return
        [
            .. from me in mine.Half is Half.Ending or Half.Undone ? [mine, mine.Fewer() with { Half = Half.None }] : new[] { mine }
               from them in theirs.Half switch
               {
                   Half.Undone => [theirs, theirs.Told()],
                   Half.Ending => [theirs, theirs with { Completed = false }],
                   _ => new[] { theirs },
               }
               select after with { Mine = me, Theirs = them },
        ];
    }

    private static PairState[] Friend(PairState state, PairDeed deed)
    {
        var isBlocked = deed.MeetsABlock ? null : state.IsBlocked(deed.Host);
        var code = deed.Answer!.Code;
        if (isBlocked == true || code == StatusCode.Blocked)
            return If(code == StatusCode.Blocked && isBlocked != false, state);
        return (state.Mine.Half, code) switch
        {
            (Half.Begun, StatusCode.Ok) => [state with { Mine = state.Mine with { Half = Half.Friends } }],
            (Half.Friends or Half.Ending or Half.Undone, StatusCode.Ok) or (Half.None or Half.Begun, StatusCode.NotFriends) => [state],
            (Half.Ending, StatusCode.NotFriends) => [state with { Mine = state.Mine with { Half = Half.None } }],
            // Or it has not even been written yet.
            (Half.Undone, StatusCode.NotFriends) => [state with { Mine = state.Mine.Landed() }, state],
            _ => [],
        };
    }

    private static IEnumerable<PairState> Unfriend(PairState state, Answer? answer)
    {
        var (ended, notFriends) = End(state);
        return (answer?.Code ?? StatusCode.Ok) switch
        {
            StatusCode.Ok => ended,
            StatusCode.NotFriends => notFriends,
            _ => [],
        };
    }

    private static IEnumerable<PairState> Block(PairState state, PairDeed deed)
    {
        // Blocking twice changes nothing.
        if (state.Mine.Blocks)
            return [state];
        var blocking = state with { Mine = state.Mine with { Blocks = true, BlocksKnownTo = deed.Host } };
        var (ended, notFriends) = End(blocking);
        var after = ended.Concat(notFriends);
        if (blocking.Mine.MayBeUntold)
            after = after.SelectMany(one => one.IsOver ? [one, one with { Mine = one.Mine.Untold() }] : new[] { one });
        // Of two who like each other, and are not known to be friends here, a match may be being written.
        return blocking is { Mine: { Likes: true, Half: not Half.Friends }, Theirs.Likes: true }
            ? after.Append(blocking with { Mine = blocking.Mine with { IsEnding = EndByBlock.OfOther } }) : after;
    }

    private static IEnumerable<PairState> Unblock(PairState state, int host)
    {
        if (!state.Mine.Blocks)
            return [state];
        var (ended, notFriends) = End(
            state with { Mine = state.Mine with { Blocks = false, BlocksKnownTo = host == 0 ? 0 : Side.Nobody } });
        return ended.Concat(notFriends);
    }

    /// <summary>What becomes of it when this one ends the friendship: if there is one, and if there is none.</summary>
    private static (IEnumerable<PairState> Ended, IEnumerable<PairState> NotFriends) End(PairState state)
    {
        var (mine, theirs) = (state.Mine, state.Theirs);
        var gone = mine with { Half = Half.None };
        switch (mine.Half)
        {
            case Half.Begun or Half.Friends:
                var told = theirs.IsFriend ? theirs with { Half = Half.Ending, Unmatches = (byte)(theirs.Unmatches + 1) } : theirs;
                return (
                    theirs.MayBeUntold ? [new(gone, told, true), new(gone, theirs.Untold(), true)] : [new(gone, told, true)],
                    mine.Half == Half.Begun ? [state] : []);
            case Half.Ending:
                // Both end it at the same moment: neither need be told.
                return ([new(gone.Fewer(), theirs, true)], [state with { Mine = gone }]);
            case Half.Undone:
                // The end by a rewind and this one meet: who is told, and whether the match is remembered, depends on which comes first.
                return (
                    from completed in new[] { true, false }
                    from me in new[] { gone, gone.Fewer() }
                    from them in new[] { theirs, theirs.Told(), theirs.Untold() }
                    select new PairState(
                        me with { Completed = completed && me.Completed },
                        them with { Completed = completed && them.Completed, Half = them.Half == Half.Undone ? Half.Ending : them.Half },
                        true),
                    [state with { Mine = mine.Landed() }, state]);
            default:
                return ([], [state]);
        }
    }

    private static PairState Acknowledge(PairState state, Deed deed, Answer answer)
    {
        var (mine, theirs) = (state.Mine, state.Theirs);
        if (deed == Deed.Rewind && mine.Kind == Deed.None)
            return state with { Mine = mine.Landed() with { IsInFlight = false }, Theirs = theirs.Landed() };
        if (deed is Deed.Like or Deed.Superlike or Deed.Dislike && mine.Kind == deed)
        {
            return state with
            {
                Mine = (answer.Matched ? Written(mine) : mine) with { IsInFlight = false },
                Theirs = answer.Matched ? Written(theirs) : theirs,
            };
        }

        return state;

        static Side Written(Side side) => side.Half == Half.Begun ? side with { Half = Half.Friends } : side;
    }

    /// <summary>Whether the other is among those who like this one, as far as that is certain.</summary>
    private static bool? IsLiked(PairState state, int host) =>
        (state.Theirs.IsInFlight ? null : state.Theirs.Likes) & MayMeet(state, host);

    /// <summary>Whether this one has neither swiped nor blocked the other, nor is blocked, nor is a former friend.</summary>
    private static bool? MayMeet(PairState state, int host) =>
        (state.Mine.IsInFlight ? null : state.Mine.Kind == Deed.None) & !state.IsBlocked(host)
        & (state.IsApart ? false : state.IsOver ? null : true);

    private static bool AreTold(Side side, IReadOnlyList<SeenPush> pushes) =>
        pushes.Count(push => push.Opcode == Opcode.Matched) == side.Matches
        && pushes.Count(push => push.Opcode == Opcode.Superliked) == side.Superlikes
        && pushes.Count(push => push.Opcode == Opcode.Unmatched) == side.Unmatches;

    private static PairState[] If(bool isSo, PairState state) => isSo ? [state] : [];
}
