using Swiper.Compare.Peers;

namespace Swiper.Compare.Processes;

/// <summary>Linux's in-memory folder /dev/shm, where a sync costs nothing and nothing survives a reboot.</summary>
internal static class MemoryDisk
{
    private const string Shared = "/dev/shm";
    private const long Needed = 1L << 30;

    /// <exception cref="PeerMissingException">There is none, or too little space in it.</exception>
    public static string Path => Directory.Exists(Shared) && new DriveInfo(Shared).AvailableFreeSpace >= Needed
        ? Shared
        : throw new PeerMissingException($"{Shared} does not exist or has less than 1 GiB free");
}
