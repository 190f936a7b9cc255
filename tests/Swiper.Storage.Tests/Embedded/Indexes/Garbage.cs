namespace Swiper.Storage.Tests.Embedded.Indexes;

/// <summary>Measures the bytes that this thread allocates.</summary>
internal static class Garbage
{
    /// <summary>The bytes of one run, after another that may fill pools and caches.</summary>
    public static long OfSecondRun(Action run)
    {
        run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
