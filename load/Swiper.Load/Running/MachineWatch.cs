using System.Diagnostics;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>What processes that have nothing to do with a run take of this machine's processors while it is measured.</summary>
/// <param name="processIds">
/// Those of the runner and the server; null where the server's are not known, and then neither is what is left.
/// </param>
internal sealed class MachineWatch(IReadOnlyCollection<int>? processIds)
{
    private (TimeSpan Others, long At)? _start;
    private (TimeSpan Others, long At)? _end;

    /// <summary>Processors that the others kept busy, on average. Null where the system does not tell.</summary>
    public double? OtherCores => _start is { } start && _end is { } end && end.At > start.At
        // Each process is counted in steps of 10 ms.
        ? Math.Max(0, (end.Others - start.Others) / Stopwatch.GetElapsedTime(start.At, end.At))
        : null;

    /// <param name="server">Whose processes are not others.</param>
    /// <param name="workers">Neither are theirs.</param>
    public static MachineWatch Of(LoadServer server, IEnumerable<IWorker> workers)
    {
        if (server.Processes.Members.Count == 0)
            return new MachineWatch(null);
        // A worker may be this process itself.
        return new MachineWatch(new HashSet<int>(
            [Environment.ProcessId, .. workers.Select(worker => worker.ProcessId),
                .. server.Processes.Members.Select(process => process.Process)]));
    }

    /// <param name="isWarmingUp">It is not measured yet.</param>
    public void OnSecond(bool isWarmingUp)
    {
        // One of them has ended, and what it used can't be told from the others' any more; what was read up to there still counts.
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
