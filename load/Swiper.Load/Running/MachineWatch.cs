using System.Diagnostics;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>Measures the CPU use of unrelated processes on this machine during the measured part.</summary>
/// <param name="processIds">
/// The processes of runner and server; null if the server's are unknown, so that the rest can't be determined.
/// </param>
internal sealed class MachineWatch(IReadOnlyCollection<int>? processIds)
{
    private (TimeSpan Others, long At)? _start;
    private (TimeSpan Others, long At)? _end;

    /// <summary>Average CPU cores used by other processes; null if unknown.</summary>
    public double? OtherCores => _start is { } start && _end is { } end && end.At > start.At
        // CPU times have a resolution of 10 ms per process.
        ? Math.Max(0, (end.Others - start.Others) / Stopwatch.GetElapsedTime(start.At, end.At))
        : null;

    /// <param name="server">Its processes are excluded.</param>
    /// <param name="workers">Their processes are excluded, too.</param>
    public static MachineWatch Of(LoadServer server, IEnumerable<IWorker> workers)
    {
        if (server.Processes.Members.Count == 0)
            return new MachineWatch(null);
        // A worker may run in this process.
        return new MachineWatch(new HashSet<int>(
            [Environment.ProcessId, .. workers.Select(worker => worker.ProcessId),
                .. server.Processes.Members.Select(process => process.Process)]));
    }

    /// <param name="isWarmingUp">Whether the run is still in its warm-up.</param>
    public void OnSecond(bool isWarmingUp)
    {
        // One of the processes has exited, so its CPU time can no longer be told from that of the others. Earlier readings remain valid.
        if (ReadOthers() is not { } others)
            return;
        _end = (others, Stopwatch.GetTimestamp());
        if (isWarmingUp)
            _start = _end;
    }

    private TimeSpan? ReadOthers()
    {
        if (processIds is null || !OperatingSystem.IsLinux())
            return null;
        try
        {
            return processIds.Aggregate(ProcessReadings.MachineCpuTime(), (left, process) => left - ProcessReadings.CpuTime(process));
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
