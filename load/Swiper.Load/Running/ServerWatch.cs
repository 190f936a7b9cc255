using System.Diagnostics;
using Swiper.Load.Results;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>Memory and CPU use of the server's processes during a run; empty if the server is not on this machine.</summary>
internal sealed class ServerWatch
{
    private readonly ServerGroup _server;
    private (IReadOnlyList<TimeSpan> Cpu, long At)? _start;
    private (IReadOnlyList<TimeSpan> Cpu, long At)? _end;

    /// <summary>Takes the reading before the first connection.</summary>
    public ServerWatch(ServerGroup server)
    {
        _server = server;
        MemoryBefore = ReadMemory();
    }

    /// <summary>Resident bytes of the host before the first connection.</summary>
    public long? MemoryBefore { get; }

    /// <summary>Resident bytes of the host with all connections open and no load.</summary>
    public long? MemoryConnected { get; private set; }

    /// <summary>Resident bytes of the host at the start of the measured part.</summary>
    public long? MemoryAtStart { get; private set; }

    /// <summary>Resident bytes of the host at the end of the measured part.</summary>
    public long? MemoryAtEnd { get; private set; }

    /// <summary>Average CPU cores used by each process in the measured part; empty if unknown.</summary>
    public IReadOnlyList<ProcessCores> Cores => _start is { } start && _end is { } end && end.At > start.At
        ? [.. _server.Names.Zip(end.Cpu.Zip(start.Cpu, (after, before) => (after - before) / Stopwatch.GetElapsedTime(start.At, end.At)),
            (name, cores) => new ProcessCores(name, cores))]
        : [];

    public void OnConnected()
    {
        MemoryConnected = ReadMemory();
        OnSecond(isWarmingUp: true);
    }

    /// <param name="isWarmingUp">Whether the run is still in its warm-up.</param>
    public void OnSecond(bool isWarmingUp)
    {
        // A process has exited, so no more readings are possible; the earlier ones remain valid.
        if (ReadMemory() is not { } memory || ReadCpu() is not { } cpu)
            return;
        (_end, MemoryAtEnd) = ((cpu, Stopwatch.GetTimestamp()), memory);
        if (isWarmingUp)
            (_start, MemoryAtStart) = (_end, memory);
    }

    private long? ReadMemory()
    {
        if (_server.Members is not [var host, ..])
            return null;
        try
        {
            return ProcessReadings.ResidentMemory(host.Process);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private IReadOnlyList<TimeSpan>? ReadCpu()
    {
        try
        {
            return _server.CpuTimes();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
