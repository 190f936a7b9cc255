using Swiper.Compare.Peers;

namespace Swiper.Compare.Processes;

/// <summary>Linux' folder whose files are memory: a sync costs nothing there, and nothing survives a restart of the machine.</summary>
internal static class MemoryDisk
{
    private const string Shared = "/dev/shm";
    private const long Needed = 1L << 30;

    /// <exception cref="PeerMissingException">The machine has none, or too little of it.</exception>
    public static string Path => Directory.Exists(Shared) && new DriveInfo(Shared).AvailableFreeSpace >= Needed
        ? Shared
        : throw new PeerMissingException($"{Shared} with 1 GiB free is not there");
}
