using System.Buffers.Text;
using System.Globalization;
using StackExchange.Redis;
using Swiper.Core.Social;

namespace Swiper.Storage.Redis.Reading;

/// <summary>Reads one user's swipes and likers from the index.</summary>
internal sealed class UserReader(IndexReads reads)
{
    /// <summary>The most swipes of a user that are sent all at once, which takes Redis about a millisecond.</summary>
    public const int MostSwiped = 4_000;

    /// <summary>How many of more than those are sent.</summary>
    public const int SomeSwiped = 1_000;

    /// <summary>The most uids that <see cref="HasSwipedAsync"/> takes.</summary>
    public const int MostAsked = 2_000;

    /// <summary>
    /// At most <paramref name="superlikers"/> of the oldest superlikers not yet swiped by the user, and everyone the user has swiped, or
    /// some of more than <see cref="MostSwiped"/>.
    /// </summary>
    public async ValueTask<IndexAnswer<DeckSides>> DeckAsync(long uid, int superlikers)
    {
        var group = UserGroups.Of(uid);
        RedisValue[] arguments = [uid, group, superlikers, MostSwiped, SomeSwiped];
        if (await reads.AskAsync(RedisScript.Deck, group, arguments).ConfigureAwait(false) is not { } answer)
            return default;
        var parts = ((RedisValue[]?)answer)!;
        return new(new DeckSides(Uids(parts[0]), (int)parts[1], Uids(parts[2])));
    }

    /// <summary>At most <paramref name="superlikers"/> of the oldest superlikers not yet swiped by the user.</summary>
    public async ValueTask<IndexAnswer<long[]>> SuperlikersAsync(long uid, int superlikers)
    {
        var group = UserGroups.Of(uid);
        RedisValue[] arguments = [uid, group, superlikers, 0, 0];
        return await reads.AskAsync(RedisScript.Deck, group, arguments).ConfigureAwait(false) is { } answer
            ? new(Uids(((RedisValue[]?)answer)![0])) : default;
    }

    /// <summary>Which of some others the user has swiped, in their order.</summary>
    public async ValueTask<IndexAnswer<bool[]>> HasSwipedAsync(long uid, long[] others)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(others.Length, MostAsked, nameof(others));
        var group = UserGroups.Of(uid);
        RedisValue[] arguments = [uid, group, .. others.Select(static other => (RedisValue)other)];
        return await reads.AskAsync(RedisScript.Swiped, group, arguments).ConfigureAwait(false) is { } answer
            ? new(Array.ConvertAll((byte[])answer!, static digit => digit == '1')) : default;
    }

    /// <summary>Likers whom the user has not swiped, newest first, after the last one of the previous page.</summary>
    public async ValueTask<IndexAnswer<IndexedLiker[]>> LikedMeAsync(long uid, int limit, IndexedLiker? after = null)
    {
        var group = UserGroups.Of(uid);
        RedisValue[] arguments = after is { } last
            ? [uid, group, limit, last.At, last.Uid.ToString(CultureInfo.InvariantCulture)]
            : [uid, group, limit, "+inf", ""];
        if (await reads.AskAsync(RedisScript.LikedMe, group, arguments).ConfigureAwait(false) is not { } answer)
            return default;
        var values = ((RedisValue[]?)answer)!;
        var likers = new IndexedLiker[values.Length / 3];
        for (var index = 0; index < likers.Length; index++)
        {
            var kind = (int)values[index * 3 + 1] == 1 ? SwipeKind.Superlike : SwipeKind.Like;
            likers[index] = new IndexedLiker((long)values[index * 3], kind, (long)values[index * 3 + 2]);
        }

        return new(likers);
    }

    // One string rather than an array of values: a user may have swiped tens of thousands.
    private static long[] Uids(RedisValue text)
    {
        ReadOnlySpan<byte> rest = (byte[]?)text;
        if (rest.IsEmpty)
            return [];
        var uids = new long[rest.Count((byte)',') + 1];
        for (var index = 0; index < uids.Length; index++)
        {
            if (!Utf8Parser.TryParse(rest, out uids[index], out var length))
                throw new FormatException("A set of uids holds a value that is not a uid.");
            rest = rest[Math.Min(length + 1, rest.Length)..];
        }

        return uids;
    }
}

/// <summary>What a deck needs of the index.</summary>
/// <param name="Superlikers">Those to show first, oldest first.</param>
/// <param name="Count">How many the user has swiped.</param>
/// <param name="Swiped">All of these in no order, or some if they are very many.</param>
internal readonly record struct DeckSides(long[] Superlikers, int Count, long[] Swiped)
{
    public bool HasAllSwiped => Swiped.Length == Count;
}
