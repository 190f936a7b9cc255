namespace Swiper.Bench.Hosting;

/// <summary>
/// New pairs: each of the swipers goes through everyone, starting after themselves; then the next group of swipers does. So no like is
/// returned until a swiper has come full circle.
/// </summary>
/// <param name="uids">All users.</param>
/// <param name="swipers">Number of swipers that take turns.</param>
internal sealed class SwipePairs(long[] uids, int swipers)
{
    private long _taken = -1;

    /// <summary>The next pair; thread-safe.</summary>
    public (long Uid, long Sid) Next() => At(Interlocked.Increment(ref _taken));

    /// <summary>The n-th pair, from 0; its swiper is n mod the number of swipers.</summary>
    public (long Uid, long Sid) At(long number)
    {
        var others = uids.Length - 1;
        var (turn, swiper) = Math.DivRem(number, swipers);
        var (round, met) = Math.DivRem(turn, others);
        var uid = swiper + round * swipers;
        if (uid >= uids.Length)
            throw new InvalidOperationException("Everyone has swiped everyone: the benchmark needs more people.");
        return (uids[uid], uids[(uid + 1 + met) % uids.Length]);
    }
}
