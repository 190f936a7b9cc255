using System.Runtime.InteropServices;
using System.Text;
using Swiper.Host.Options;
using Swiper.Host.Transport.Native;

namespace Swiper.Host;

/// <summary>
/// What the system grants this process (`ulimit`), and what a host needs of it besides its connections. A runtime that gets no
/// descriptor or no thread aborts, so a host doesn't start with too little, and connections leave a reserve.
/// </summary>
internal static class SystemLimits
{
    /// <summary>Most of what the runtime opens are its libraries, each twice; no command works with less.</summary>
    private const int RuntimeDescriptors = 256;

    // Opened while running: files for a moment, look-ups of names, calls on the operations socket and the ops port.
    private const int SpareDescriptors = 80;

    // SQLite files with their logs, and a MySQL server's pool of connections.
    private const int DescriptorsAShard = 16;

    // Enough to see what a host does; anything useful needs far more.
    private const int FewestConnections = 32;

    // The collector reserves addresses for its heap, and each thread for its stack and what it allocates.
    private const long Addresses = 8L << 30;

    /// <summary>What every command lacks, or null.</summary>
    public static string? Missing() =>
        !OperatingSystem.IsLinux() ? null
        : Libc.DescriptorLimit() is var descriptors && descriptors < RuntimeDescriptors
            ? TooFewDescriptors(descriptors, RuntimeDescriptors)
        : Libc.AddressLimit() is var addresses && addresses < Addresses
            ? $"ulimit -v is {addresses >> 10}; at least {Addresses >> 10} KiB of addresses are needed, which take up no memory"
        : null;

    /// <summary>What a host with these options lacks, or null.</summary>
    public static string? Missing(SwiperOptions options) =>
        OperatingSystem.IsLinux() && Libc.DescriptorLimit() is var granted && Own(options) + FewestConnections is var needed
            && granted < needed ? TooFewDescriptors(granted, needed) : null;

    /// <summary>Connections have descriptors below this one: the kernel assigns the lowest free number.</summary>
    public static long LastDescriptor(SwiperOptions options) => Libc.DescriptorLimit() - Reserve(options);

    /// <summary>How many connections the descriptors are enough for.</summary>
    public static long Connections(SwiperOptions options) =>
        OperatingSystem.IsLinux() ? Libc.DescriptorLimit() - Own(options) : long.MaxValue;

    /// <summary>Writes the line without anything of the runtime, which may have no descriptors left; returns the exit code.</summary>
    public static int Refuse(string missing)
    {
        ReadOnlySpan<byte> line = Encoding.UTF8.GetBytes($"swiper: {missing}\n");
        _ = Libc.Write(2, ref MemoryMarshal.GetReference(line), (nuint)line.Length);
        return ExitCode.TooLittle;
    }

    private static long Own(SwiperOptions options) =>
        RuntimeDescriptors + (options.Storage.Engine == StorageEngine.Embedded ? OfShards(options) : 0) + Reserve(options);

    // What is opened after the ports are. A call to the gateway also looks up its name.
    private static long Reserve(SwiperOptions options) =>
        SpareDescriptors + (2 * options.Sms.Connections)
            + (options.Storage.Engine == StorageEngine.Cluster ? OfShards(options) + DescriptorsAShard : 0);

    private static int OfShards(SwiperOptions options) =>
        DescriptorsAShard * (options.Storage.Engine == StorageEngine.Embedded ? options.Storage.Shards : options.Cluster.Shards.Count);

    private static string TooFewDescriptors(long granted, long needed) =>
        $"ulimit -n is {granted}; at least {needed} descriptors are needed, and one more a connection";
}

/// <summary>The system grants too little; the message says what, for the operator.</summary>
internal sealed class SystemLimitException(string message) : Exception(message);
