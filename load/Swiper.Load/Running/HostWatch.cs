using System.Diagnostics;

namespace Swiper.Load.Running;

/// <summary>What the host uses in the course of a run. Without a host on this machine it knows nothing.</summary>
internal sealed class HostWatch
{
    private readonly int? _processId;
    private readonly HostReadings? _beforeConnections;
    private HostReadings? _start;
    private HostReadings? _end;
    private long _startAt;
    private long _endAt;

    /// <summary>Nobody has connected yet.</summary>
    public HostWatch(int? processId)
    {
        _processId = processId;
        _beforeConnections = HostReadings.Read(processId);
    }

    /// <summary>Resident bytes, with no connection yet.</summary>
    public long? MemoryBefore => _beforeConnections?.MemoryBytes;

    /// <summary>Resident bytes when the measured part began.</summary>
    public long? MemoryAtStart => _start?.MemoryBytes;

    /// <summary>Resident bytes at the end of it.</summary>
    public long? MemoryAtEnd => _end?.MemoryBytes;

    /// <summary>Resident bytes, with all connections and no load.</summary>
    public long? MemoryConnected { get; private set; }

    /// <summary>Processors that it kept busy while it was measured, on average.</summary>
    public double? Cores => _start is { } start && _end is { } end && _endAt > _startAt
        ? (end.Cpu - start.Cpu) / Stopwatch.GetElapsedTime(_startAt, _endAt)
        : null;

    public void OnConnected()
    {
        MemoryConnected = HostReadings.Read(_processId)?.MemoryBytes;
        OnSecond(isWarmingUp: true);
    }

    /// <param name="isWarmingUp">It is not measured yet.</param>
    public void OnSecond(bool isWarmingUp)
    {
        // A host that has died has no more figures; those up to there still count.
        if (HostReadings.Read(_processId) is not { } readings)
            return;
        (_end, _endAt) = (readings, Stopwatch.GetTimestamp());
        if (isWarmingUp)
            (_start, _startAt) = (_end, _endAt);
    }
}
