using System.Buffers.Text;
using System.Globalization;
using StackExchange.Redis;
using Swiper.Core.Social;

namespace Swiper.Storage.Redis.Reading;

/// <summary>Reads one user's swipes and likers from the index.</summary>
internal sealed class UserReader(IndexReads reads)
{
    /// <summary>
    /// At most <paramref name="superlikers"/> of the oldest superlikers not yet swiped by the user, and everyone the user has swiped.
    /// </summary>
    public async ValueTask<IndexAnswer<DeckSides>> DeckAsync(long uid, int superlikers)
    {
        var group = UserGroups.Of(uid);
        if (await reads.AskAsync(RedisScript.Deck, group, [uid, group, superlikers]).ConfigureAwait(false) is not { } answer)
            return default;
        var parts = ((RedisValue[]?)answer)!;
        return new(new DeckSides(Uids(parts[0]), Uids(parts[1])));
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
/// <param name="Swiped">Those not to show, in no order.</param>
internal readonly record struct DeckSides(long[] Superlikers, long[] Swiped);
