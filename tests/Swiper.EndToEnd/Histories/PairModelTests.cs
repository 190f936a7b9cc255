using Swiper.Core.Protocol;

namespace Swiper.EndToEnd.Histories;

/// <summary>Short histories of two people, made by hand: what may be answered, and what each kind of bug would look like.</summary>
public sealed class PairModelTests
{
    private const long Ann = 1;
    private const long Bob = 2;

    private readonly History _history = new(rewindsEnd: true);
    private long _now;

    [Fact]
    public void Of_two_likes_the_later_is_the_match_and_at_the_same_moment_one_of_them()
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.Like, Ann, New with { Matched = true });
        Says(Ann, Deed.Friend, Bob, Ok);
        Says(Bob, Deed.Like, Ann, Ok with { Repeated = true, Matched = true });
        Says(Ann, Deed.Like, Bob, Ok with { Repeated = true });
        Says(Ann, Deed.Dislike, Bob, new Answer(StatusCode.RepeatSwipe));
        IsExplained();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Neither_and_both_are_never_the_match(bool anns, bool bobs)
    {
        Together((Ann, Deed.Like, Bob, New with { Matched = anns }), (Bob, Deed.Like, Ann, New with { Matched = bobs }));
        IsImpossible();
    }

    [Fact]
    public void An_acknowledged_swipe_is_not_new_again()
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Ann, Deed.Like, Bob, New);
        IsImpossible();
    }

    [Fact]
    public void A_swipe_without_a_reply_may_be_new_or_repeated_the_next_time()
    {
        Says(Ann, Deed.Like, Bob, null);
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.Like, Ann, null);
        Says(Bob, Deed.Like, Ann, Ok with { Repeated = true, Matched = true });
        IsExplained();
    }

    [Fact]
    public void A_like_is_listed_once_it_is_acknowledged_and_before_may_be()
    {
        Together((Ann, Deed.Like, Bob, New), (Bob, Deed.LikedMe, 0, Lists(Ann)), (Bob, Deed.LikedMe, 0, Ok));
        Says(Bob, Deed.LikedMe, 0, Lists(Ann));
        IsExplained();
    }

    [Fact]
    public void A_like_that_is_acknowledged_and_not_listed_is_lost()
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.LikedMe, 0, Ok);
        IsImpossible();
    }

    [Fact]
    public void Nobody_is_listed_who_was_answered()
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.LikedMe, 0, Lists(Ann));
        Says(Bob, Deed.Dislike, Ann, New);
        IsExplained();
        Says(Bob, Deed.LikedMe, 0, Lists(Ann));
        IsImpossible();
    }

    [Fact]
    public void Nobody_is_listed_who_did_not_like()
    {
        Says(Ann, Deed.Friend, Bob, new Answer(StatusCode.NotFriends));
        Says(Bob, Deed.LikedMe, 0, Lists(Ann));
        IsImpossible();
    }

    [Fact]
    public void A_deck_never_holds_who_was_swiped()
    {
        Says(Ann, Deed.Deck, 0, Lists(Bob));
        Says(Ann, Deed.Dislike, Bob, New);
        Says(Ann, Deed.Deck, 0, Ok);
        IsExplained();
        Says(Ann, Deed.Deck, 0, Lists(Bob));
        IsImpossible();
    }

    [Fact]
    public void A_rewind_takes_back_the_swipe_and_the_match_and_only_the_other_is_told()
    {
        Match();
        Says(Bob, Deed.Rewind, 0, Rewound(Ann));
        Says(Ann, Deed.Friend, Bob, new Answer(StatusCode.NotFriends));
        Says(Bob, Deed.Like, Ann, New with { Matched = true });
        AtTheEnd(Ann, Opcode.Matched, Opcode.Unmatched, Opcode.Matched);
        AtTheEnd(Bob, Opcode.Matched, Opcode.Matched);
        IsExplained();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_match_that_is_taken_back_before_its_other_half_is_written_may_be_told_to_nobody(bool isAnswered)
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.Like, Ann, isAnswered ? New with { Matched = true } : null);
        Says(Ann, Deed.Friend, Bob, Ok);
        Says(Ann, Deed.Rewind, 0, Rewound(Bob));
        AtTheEnd(Bob);
        if (isAnswered)
            IsImpossible();
        else
            IsExplained();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whoever_takes_back_a_match_before_it_is_written_may_never_have_been_told_of_it(bool isAnswered)
    {
        Says(Bob, Deed.Like, Ann, New);
        Says(Ann, Deed.Like, Bob, isAnswered ? New with { Matched = true } : null);
        Says(Bob, Deed.Rewind, 0, Rewound(Ann));
        AtTheEnd(Bob);
        if (isAnswered)
            IsImpossible();
        else
            IsExplained();
    }

    [Fact]
    public void A_rewind_that_did_nothing()
    {
        Match();
        Says(Bob, Deed.Rewind, 0, Rewound(Ann));
        Says(Ann, Deed.Friend, Bob, Ok);
        IsImpossible();
    }

    [Fact]
    public void A_friendship_that_has_ended_does_not_begin_again_and_the_other_loses_it_a_moment_later()
    {
        Match();
        Says(Ann, Deed.Unfriend, Bob, Ok);
        Says(Bob, Deed.Friend, Ann, Ok);
        Says(Bob, Deed.Friend, Ann, new Answer(StatusCode.NotFriends));
        Says(Bob, Deed.Rewind, 0, Rewound(Ann));
        Says(Bob, Deed.Like, Ann, New);
        IsExplained();
        Says(Bob, Deed.Friend, Ann, Ok);
        IsImpossible();
    }

    [Fact]
    public void Nobody_who_is_blocked_swipes_or_sees_a_friend()
    {
        Match();
        Says(Ann, Deed.Block, Bob, Ok);
        Says(Bob, Deed.Friend, Ann, new Answer(StatusCode.Blocked));
        Says(Bob, Deed.Like, Ann, new Answer(StatusCode.Blocked));
        Says(Ann, Deed.Unblock, Bob, Ok);
        Says(Ann, Deed.Friend, Bob, new Answer(StatusCode.NotFriends));
        IsExplained();
        Says(Bob, Deed.Like, Ann, new Answer(StatusCode.Blocked));
        IsImpossible();
    }

    [Fact]
    public void A_like_on_its_way_when_the_other_side_blocks_may_be_no_match_for_good()
    {
        Says(Ann, Deed.Like, Bob, New);
        Together((Bob, Deed.Like, Ann, New), (Ann, Deed.Block, Bob, Ok));
        Says(Ann, Deed.Unblock, Bob, Ok);
        Says(Ann, Deed.Friend, Bob, new Answer(StatusCode.NotFriends));
        Says(Bob, Deed.Like, Ann, Ok with { Repeated = true });
        AtTheEnd(Bob);
        IsExplained();
        Says(Bob, Deed.Friend, Ann, Ok);
        IsImpossible();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_who_block_each_other_may_both_be_told_of_the_end_only_if_their_match_was_being_written(bool wasBeingWritten)
    {
        Says(Ann, Deed.Like, Bob, New);
        if (wasBeingWritten)
        {
            Together((Bob, Deed.Like, Ann, New with { Matched = true }), (Ann, Deed.Block, Bob, Ok));
        }
        else
        {
            Says(Bob, Deed.Like, Ann, New with { Matched = true });
            Says(Ann, Deed.Block, Bob, Ok);
        }

        Says(Bob, Deed.Block, Ann, Ok);
        AtTheEnd(Ann, Opcode.Matched, Opcode.Unmatched);
        AtTheEnd(Bob, Opcode.Matched, Opcode.Unmatched);
        if (wasBeingWritten)
            IsExplained();
        else
            IsImpossible();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_match_that_is_written_late_may_end_by_a_block_that_was_before(bool wasBlocked)
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.Like, Ann, null);
        if (wasBlocked)
        {
            Says(Bob, Deed.Block, Ann, Ok);
            Says(Bob, Deed.Unblock, Ann, Ok);
        }

        Says(Bob, Deed.Friend, Ann, Ok);
        AtTheEnd(Ann, Opcode.Matched, Opcode.Unmatched);
        if (wasBlocked)
            IsExplained();
        else
            IsImpossible();
    }

    [Fact]
    public void A_like_that_meets_no_block_is_a_match()
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.Like, Ann, New);
        Says(Ann, Deed.Block, Bob, Ok);
        IsImpossible();
    }

    [Fact]
    public void What_a_like_on_its_way_begins_after_the_block_ends_with_the_unblock()
    {
        Says(Ann, Deed.Like, Bob, New);
        Together((Bob, Deed.Like, Ann, New with { Matched = true }), (Ann, Deed.Block, Bob, Ok));
        Says(Ann, Deed.Unblock, Bob, Ok);
        AtTheEnd(Bob, Opcode.Matched, Opcode.Unmatched);
        IsExplained();
        Says(Ann, Deed.Friend, Bob, Ok);
        IsImpossible();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whose_swipe_is_the_match_is_told_of_it_also_where_the_other_ends_it_at_once(bool isTold)
    {
        Says(Ann, Deed.Like, Bob, New);
        Together((Bob, Deed.Like, Ann, New with { Matched = true }), (Ann, Deed.Unfriend, Bob, Ok));
        AtTheEnd(Bob, isTold ? [Opcode.Matched, Opcode.Unmatched] : []);
        if (isTold)
            IsExplained();
        else
            IsImpossible();
    }

    [Fact]
    public void Other_hosts_hear_of_a_block_a_moment_later()
    {
        Says(Ann, Deed.Block, Bob, Ok, host: 1);
        Says(Bob, Deed.Like, Ann, New, host: 2);
        Says(Bob, Deed.Dislike, Ann, new Answer(StatusCode.Blocked), host: 2);
        IsExplained();
        Says(Bob, Deed.Like, Ann, Ok with { Repeated = true }, host: 1);
        IsImpossible();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    public void Each_of_a_match_is_told_of_it_once(int ann, int bob)
    {
        Match();
        AtTheEnd(Ann, [.. Enumerable.Repeat(Opcode.Matched, ann)]);
        AtTheEnd(Bob, [.. Enumerable.Repeat(Opcode.Matched, bob)]);
        IsImpossible();
    }

    [Fact]
    public void Pushes_that_are_not_numbered_one_by_one()
    {
        Says(Ann, Deed.Pushes, 0, Ok with { Pushes = [new(1, Opcode.Matched, Bob), new(3, Opcode.Unmatched, Bob)] });
        Assert.Contains("not numbered", Assert.Single(_history.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_was_pushed_something_that_is_not_kept()
    {
        Match();
        AtTheEnd(Ann, Opcode.Matched);
        _history.AddPushes(7, Ann, [new(1, Opcode.Matched, Bob), new(2, Opcode.Matched, Bob)]);
        Assert.Contains("connection 7", Assert.Single(_history.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_shards_hold_must_be_what_was_acknowledged()
    {
        Match();
        Says(Ann, Deed.Quiet, Bob, Ok);
        Says(Ann, Deed.Stored, Bob, Lists(Bob) with { Kind = Deed.Like });
        IsExplained();
        Says(Bob, Deed.Stored, Ann, Ok with { Kind = Deed.Like });
        IsImpossible();
    }

    [Theory]
    [InlineData(nameof(Deed.LikedMe))]
    [InlineData(nameof(Deed.Deck))]
    public void A_former_friend_does_not_come_back_by_a_rewind(string listed)
    {
        var list = Enum.Parse<Deed>(listed);
        Match();
        Says(Ann, Deed.Unfriend, Bob, Ok);
        Says(Bob, Deed.Rewind, 0, Rewound(Ann));
        // A moment later, as with blocks.
        Says(Bob, list, 0, Lists(Ann));
        Says(Ann, Deed.Quiet, Bob, Ok);
        Says(Bob, list, 0, Ok);
        IsExplained();
        Says(Bob, list, 0, Lists(Ann));
        IsImpossible();
    }

    private static Answer Ok => new(StatusCode.Ok);

    private static Answer New => Ok;

    private static Answer Lists(long uid) => Ok with { People = new HashSet<long> { uid } };

    private static Answer Rewound(long sid) => Ok with { Sid = sid, Kind = Deed.Like, RewindsLeft = 2 };

    private void Match()
    {
        Says(Ann, Deed.Like, Bob, New);
        Says(Bob, Deed.Like, Ann, New with { Matched = true });
    }

    private void AtTheEnd(long uid, params Opcode[] pushes)
    {
        Says(Ann, Deed.Quiet, Bob, Ok);
        Says(
            uid, Deed.Pushes, 0,
            Ok with { Pushes = [.. pushes.Select((opcode, index) => new SeenPush(index + 1, opcode, Ann + Bob - uid))] });
    }

    private void Says(long uid, Deed deed, long other, Answer? answer, int host = 0)
    {
        _history.Add(new Recorded((int)uid, host, new Call(deed, uid, other), answer, _now, _now + 5));
        _now += 10;
    }

    // The first is under way during all others, which come one after the other.
    private void Together(params (long Uid, Deed Deed, long Other, Answer Answer)[] asked)
    {
        var begun = _now;
        foreach (var (uid, deed, other, answer) in asked.Skip(1))
            Says(uid, deed, other, answer);
        _history.Add(new Recorded(9, 0, new Call(asked[0].Deed, asked[0].Uid, asked[0].Other), asked[0].Answer, begun, _now));
        _now += 10;
    }

    private void IsExplained() => Assert.Empty(_history.Problems());

    private void IsImpossible() =>
        Assert.Contains($"{Ann} and {Bob}: no order of these", string.Join('\n', _history.Problems()), StringComparison.Ordinal);
}
