namespace Swiper.Storage.Tests;

/// <summary>Measures the bytes that this thread allocates.</summary>
internal static class Garbage
{
    private const int Rounds = 5;

    /// <summary>
    /// The bytes of a run, after another that may fill pools and caches. The least of some: when other tests make the collector run,
    /// what is left of this thread's allocation buffer counts as allocated by whatever it was doing; garbage of its own is in each.
    /// </summary>
    public static long OfSecondRun(Action run)
    {
        run();
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
