using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

/// <summary>Who has matched with whom.</summary>
public interface IFriendRepository
{
    ValueTask<bool> AreFriendsAsync(long uid, long other);

    /// <summary>The user's friends: newest first, and of friendships that began at the same instant the greater uid first.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="after">Only friends that come after this place; from the first where null.</param>
    /// <param name="limit">Friends at most.</param>
    ValueTask<IReadOnlyList<Since>> ReadAsync(long uid, PageCursor? after, int limit);

    /// <summary>
    /// The friends whom two users have in common, in the order of the first one's, as <see cref="ReadAsync"/> has it. The work is bounded
    /// however many friends either has.
    /// </summary>
    /// <param name="uid">The first user.</param>
    /// <param name="other">The second user.</param>
    /// <param name="after">Only friends that come after this place; from the first where null.</param>
    /// <param name="limit">Friends at most.</param>
    ValueTask<FoundFriends> ReadCommonAsync(long uid, long other, PageCursor? after, int limit);

    /// <summary>
    /// Ends a friendship, for both and for good: a mutual like that stands does not begin it again. The other user loses the friend a
    /// moment later, and is pushed 706. Of two who both end it in that moment, by this or by a rewind, each may be left untold of what the
    /// other did. <see cref="StatusCode.NotFriends"/> if there is none.
    /// </summary>
    ValueTask<Outcome<NoData>> EndAsync(long uid, long other, long now);
}

/// <summary>Who has blocked whom. A blocked pair never meets, whoever of the two has blocked the other; nor do former friends.</summary>
public interface IBlockRepository
{
    static readonly Failure Blocked = new(StatusCode.Blocked, "one of you has blocked the other");

    /// <summary>How many others a user may have blocked: every host holds each block in memory, in some 200 bytes.</summary>
    const int Most = 10_000;

    static readonly Failure TooMany = new(StatusCode.BlockLimit, "you have blocked as many people as one may: unblock somebody first");

    /// <summary>Whether either of the two has blocked the other. Answers at once, from memory.</summary>
    bool AreBlocked(long uid, long other);

    /// <summary>
    /// Whether the two are former friends of whom one has taken back the swipe: neither comes up for the other in decks and among likers,
    /// though not both are swiped. Answers at once, from memory.
    /// </summary>
    bool AreFormerFriends(long uid, long other);

    /// <summary>Those whom the user has blocked, in the order of <see cref="IFriendRepository.ReadAsync"/>.</summary>
    ValueTask<IReadOnlyList<Since>> ReadAsync(long uid, PageCursor? after, int limit);

    /// <summary>
    /// Blocks a user, and ends the friendship of the two as <see cref="IFriendRepository.EndAsync"/> does. Blocking twice changes nothing.
    /// <see cref="StatusCode.BlockLimit"/> if the user has blocked <see cref="Most"/> others.
    /// </summary>
    ValueTask<Failure> BlockAsync(long uid, long other, long now);

    /// <summary>Unblocks a user. What blocking ended does not begin again. It does nothing if the user is not blocked.</summary>
    ValueTask UnblockAsync(long uid, long other, long now);
}

/// <summary>What handlers ask of blocks.</summary>
internal static class BlockExtensions
{
    /// <summary>Whether a user who is not swiped may come up in decks and among likers.</summary>
    public static bool MayComeUp(this IBlockRepository blocks, long uid, long other) =>
        !blocks.AreBlocked(uid, other) && !blocks.AreFormerFriends(uid, other);

    /// <summary>Those of the people who may meet the user; the same list if nobody is left out.</summary>
    public static IReadOnlyList<T> Meeting<T>(this IBlockRepository blocks, long uid, IReadOnlyList<T> people, Func<T, long> uidOf)
    {
        for (var index = 0; index < people.Count; index++)
        {
            if (blocks.AreBlocked(uid, uidOf(people[index])))
                return Filtered(blocks, uid, people, uidOf);
        }

        return people;
    }

    // Apart, because of its closure.
    private static IReadOnlyList<T> Filtered<T>(IBlockRepository blocks, long uid, IReadOnlyList<T> people, Func<T, long> uidOf) =>
        [.. people.Where(person => !blocks.AreBlocked(uid, uidOf(person)))];
}

/// <param name="People">Those who were found.</param>
/// <param name="LeftOff">
/// If fewer were found than asked for, and not everybody was looked at: where to go on. Null otherwise.
/// </param>
public readonly record struct FoundFriends(IReadOnlyList<Since> People, PageCursor? LeftOff);

/// <summary>Somebody in a list of people.</summary>
/// <param name="Uid">The person.</param>
/// <param name="At">Since when they are in it.</param>
public readonly record struct Since(long Uid, long At)
{
    /// <summary>The place right behind them.</summary>
    public PageCursor Cursor => new(At, Uid);
}
