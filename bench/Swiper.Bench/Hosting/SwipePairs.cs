namespace Swiper.Bench.Hosting;

/// <summary>
/// Pairs that nobody has swiped yet: each of some swipers goes through everybody, from the one after them on, then the next so many people
/// do. So nobody is liked back until a swiper comes round.
/// </summary>
/// <param name="uids">Everybody.</param>
/// <param name="swipers">How many take turns.</param>
internal sealed class SwipePairs(long[] uids, int swipers)
{
    private long _taken = -1;

    /// <summary>One more pair; any thread may ask.</summary>
    public (long Uid, long Sid) Next() => At(Interlocked.Increment(ref _taken));

    /// <summary>The pair of a number, from 0; that of number n is the turn of swiper n mod swipers.</summary>
    public (long Uid, long Sid) At(long number)
    {
        var others = uids.Length - 1;
        var (turn, swiper) = Math.DivRem(number, swipers);
        var (round, met) = Math.DivRem(turn, others);
        var uid = swiper + round * swipers;
        if (uid >= uids.Length)
            throw new InvalidOperationException("Everybody has swiped everybody: the benchmark needs more people.");
        return (uids[uid], uids[(uid + 1 + met) % uids.Length]);
    }
}
