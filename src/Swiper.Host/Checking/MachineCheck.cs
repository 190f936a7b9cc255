using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Swiper.Host.Options;
using Swiper.Host.Transport.Native;
using Swiper.Storage.Checking;

namespace Swiper.Host.Checking;

/// <summary>What the machine grants a host, its clock, and the disk of the data folder.</summary>
internal static class MachineCheck
{
    private const int Syncs = 20;

    // A swipe waits for one sync; with more than these the slowest of a second's batches are felt.
    private static readonly TimeSpan SlowSync = TimeSpan.FromMilliseconds(10);

    // Faster than any disk that has really kept something.
    private static readonly TimeSpan TooFastSync = TimeSpan.FromMicroseconds(20);

    public static IEnumerable<Finding> Limits(SwiperOptions options)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield return Finding.Warning("system", "only Linux tells its limits, and only there the epoll transport runs");
            yield break;
        }

        yield return SystemLimits.Missing(options) is { } missing
            ? Finding.Problem("descriptors", missing)
            : JudgeDescriptors(Libc.DescriptorLimit(), SystemLimits.Connections(options), options.Limits.Connections);
        yield return JudgeBacklog(
            int.Parse(File.ReadAllText("/proc/sys/net/core/somaxconn"), CultureInfo.InvariantCulture), options.Listen.Backlog);
        yield return JudgeClock(Libc.IsClockSynchronized());
    }

    /// <param name="granted">By the system.</param>
    /// <param name="connections">How many connections they are enough for.</param>
    /// <param name="wanted">How many the options allow.</param>
    internal static Finding JudgeDescriptors(long granted, long connections, int wanted) => Finding.Of(
        "descriptors", connections >= wanted, Text($"ulimit -Hn is {granted}, for {connections} connections"),
        Text($"raise it for the {wanted} of Limits:Connections (LimitNOFILE= of a unit), or lower these"), Verdict.Warning);

    internal static Finding JudgeBacklog(int granted, int wanted) => Finding.Of(
        "backlog", granted >= wanted, Text($"net.core.somaxconn is {granted}"),
        Text($"sysctl -w net.core.somaxconn={wanted}, or the kernel cuts Listen:Backlog down to it"), Verdict.Warning);

    internal static Finding JudgeClock(bool isSynchronized) => Finding.Of(
        "clock", isSynchronized, isSynchronized ? "synchronised" : "not synchronised",
        "run an NTP client such as chrony: days, ages and quotas go by it", Verdict.Warning);

    /// <summary>Writes and syncs a small file in the data folder, or where it would be made.</summary>
    public static Finding Disk(string data)
    {
        var folder = Path.GetFullPath(data);
        while (!Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder)!;
        var file = Path.Combine(folder, $".swiper-check-{Guid.NewGuid():N}");
        try
        {
            var times = new List<TimeSpan>();
            using var stream = new FileStream(
                file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            for (var sync = 0; sync < Syncs; sync++)
            {
                stream.Write(new byte[4096]);
                var begun = Stopwatch.GetTimestamp();
                stream.Flush(flushToDisk: true);
                times.Add(Stopwatch.GetElapsedTime(begun));
            }

            times.Sort();
            return JudgeDisk(folder, times[Syncs / 2], times[^1]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem("disk", $"{folder} can't be written: {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    internal static Finding JudgeDisk(string folder, TimeSpan median, TimeSpan longest)
    {
        var text = Text($"a sync in {folder} takes {median.TotalMilliseconds:0.00} ms, the longest {longest.TotalMilliseconds:0.00} ms");
        return median < TooFastSync
            ? Finding.Warning("disk", $"{text}: no disk is that fast; what is acknowledged may be lost with the power")
            : Finding.Of("disk", median <= SlowSync, text, "each swipe waits for one; use a disk that syncs faster", Verdict.Warning);
    }

    public static IEnumerable<Finding> Versions()
    {
        yield return Finding.Ok(
            "versions",
            $"swiper {typeof(MachineCheck).Assembly.GetName().Version?.ToString(3)}, {RuntimeInformation.FrameworkDescription}, "
            + $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
