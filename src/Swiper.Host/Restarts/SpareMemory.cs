namespace Swiper.Host.Restarts;

/// <summary>What is left of the machine's memory, or of the container's.</summary>
internal static class SpareMemory
{
    public static long Find()
    {
        // The runtime looks when it collects, and knows of containers' limits.
        GC.Collect(0, GCCollectionMode.Forced);
        var memory = GC.GetGCMemoryInfo(GCKind.Any);
        return memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes;
    }
}
