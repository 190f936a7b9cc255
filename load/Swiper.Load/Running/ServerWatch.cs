using System.Diagnostics;
using Swiper.Load.Results;
using Swiper.Local.Processes;

namespace Swiper.Load.Running;

/// <summary>What the server's processes use in the course of a run. Without a server on this machine it knows nothing.</summary>
internal sealed class ServerWatch
{
    private readonly ServerGroup _server;
    private (IReadOnlyList<TimeSpan> Cpu, long At)? _start;
    private (IReadOnlyList<TimeSpan> Cpu, long At)? _end;

    /// <summary>Nobody has connected yet.</summary>
    public ServerWatch(ServerGroup server)
    {
        _server = server;
        MemoryBefore = ReadMemory();
    }

    /// <summary>Resident bytes of the host, with no connection yet.</summary>
    public long? MemoryBefore { get; }

    /// <summary>Resident bytes of the host, with all connections and no load.</summary>
    public long? MemoryConnected { get; private set; }

    /// <summary>Resident bytes of the host when the measured part began.</summary>
    public long? MemoryAtStart { get; private set; }

    /// <summary>Resident bytes of the host at the end of it.</summary>
    public long? MemoryAtEnd { get; private set; }

    /// <summary>Processors that each process kept busy while it was measured, on average; empty where that is not known.</summary>
    public IReadOnlyList<ProcessCores> Cores => _start is { } start && _end is { } end && end.At > start.At
        ? [.. _server.Names.Zip(end.Cpu.Zip(start.Cpu, (after, before) => (after - before) / Stopwatch.GetElapsedTime(start.At, end.At)),
            (name, cores) => new ProcessCores(name, cores))]
        : [];

    public void OnConnected()
    {
        MemoryConnected = ReadMemory();
        OnSecond(isWarmingUp: true);
    }

    /// <param name="isWarmingUp">It is not measured yet.</param>
    public void OnSecond(bool isWarmingUp)
    {
        // Once one of them has died there are no more figures; those up to there still count.
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
