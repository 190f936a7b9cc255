using System.Diagnostics;
using Swiper.Local.Measuring;

namespace Swiper.Load.Wire;

/// <summary>
/// An open loop: <paramref name="PerSecond"/> requests a second over all connections. The ids of a connection's requests count up.
/// </summary>
internal sealed record PacedPlan(double PerSecond, IRequestSource Requests, FramedReplies Replies, TimeSpan WarmUp, TimeSpan Window);

/// <summary>The server can't keep up with the rate at which requests are due.</summary>
internal sealed class ServerOverloadedException(string message) : Exception(message);

/// <summary>
/// A load at a fixed rate, whether or not the server keeps up: requests are due in a small burst once per period, and latency counts from
/// the due time, so that a server that stalls for a second is charged with the wait of every request due in it. Single-threaded and
/// separate from the load tests, for the same reason as <see cref="LoadLoop"/>.
/// </summary>
internal sealed class PacedLoop : IDisposable
{
    private const int Timer = -1;
    private const int WaitMilliseconds = 100;
    // Indexed by the low digits of the ids, because replies may arrive out of order. If the server falls too far behind, the oldest entry
    // is still unanswered.
    private const int MostInFlight = 4096;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<LoadConnection> _connections;
    private readonly PacedPlan _plan;
    private readonly Epoll _epoll;
    private readonly long[][] _due;
    private readonly byte[] _received = new byte[256 * 1024];
    private readonly LatencyHistogram _latencies = new();
    private long _start;
    private long _sent;
    private long _answered;
    private bool _isMeasuring;

    public PacedLoop(IReadOnlyList<LoadConnection> connections, PacedPlan plan)
    {
        _connections = connections;
        _plan = plan;
        _due = [.. connections.Select(_ => new long[MostInFlight])];
        _epoll = new Epoll(connections.Count + 1);
        for (var i = 0; i < connections.Count; i++)
            _epoll.Watch(connections[i].Descriptor, i);
    }

    /// <summary>Latencies of all requests due within the window.</summary>
    public LatencyHistogram Run()
    {
        using var ticks = new Ticks(Period);
        _epoll.Watch(ticks.Descriptor, Timer);
        _start = Stopwatch.GetTimestamp();
        SendFor(ticks, _plan.WarmUp);
        _isMeasuring = true;
        SendFor(ticks, _plan.WarmUp + _plan.Window);
        Drain(ticks);
        return _latencies;
    }

    public void Dispose() => _epoll.Dispose();

    private void SendFor(Ticks ticks, TimeSpan end)
    {
        while (Stopwatch.GetElapsedTime(_start) < end)
        {
            SendDue();
            ServeReady(ticks);
        }
    }

    private void Drain(Ticks ticks)
    {
        var start = Stopwatch.GetTimestamp();
        while (_answered < _sent)
        {
            ServeReady(ticks);
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"{_sent - _answered} requests were never answered");
        }
    }

    // The requests of a period are due at its start.
    private void SendDue()
    {
        var periods = (long)(Stopwatch.GetElapsedTime(_start) / Period);
        var now = _start + (long)(periods * Period.TotalSeconds * Stopwatch.Frequency);
        for (var due = (long)(periods * Period.TotalSeconds * _plan.PerSecond); _sent < due; _sent++)
        {
            Send((int)(_sent % _connections.Count), DueAt(_sent, now));
        }
    }

    // If the client misses a period, the requests due in it still count from that period.
    private long DueAt(long request, long latest)
    {
        var period = Math.Ceiling((request + 1) / _plan.PerSecond / Period.TotalSeconds);
        return Math.Min(latest, _start + (long)(period * Period.TotalSeconds * Stopwatch.Frequency));
    }

    private void Send(int index, long due)
    {
        var frame = _plan.Requests.Next(index, 1);
        ref var place = ref _due[index][FramedReplies.IdOfRequest(frame) % MostInFlight];
        if (place != 0)
            throw new ServerOverloadedException($"the server does not keep up with {_plan.PerSecond:0} requests a second");
        place = due;
        RawSocket.Send(_connections[index].Descriptor, frame);
    }

    private void ServeReady(Ticks ticks)
    {
        var ready = _epoll.Wait(WaitMilliseconds);
        for (var i = 0; i < ready; i++)
        {
            if (_epoll.TagOf(i) == Timer)
                ticks.Take();
            else
                Serve(_epoll.TagOf(i));
        }
    }

    private void Serve(int index)
    {
        var connection = _connections[index];
        var tail = connection.TailLength;
        if (tail > 0)
            connection.Tail.AsSpan(0, tail).CopyTo(_received);
        var length = tail + RawSocket.Receive(connection.Descriptor, _received.AsSpan(tail));
        ReadOnlySpan<byte> bytes = _received.AsSpan(0, length);
        var now = Stopwatch.GetTimestamp();
        while (_plan.Replies.TryTake(ref bytes, out var id))
        {
            _answered++;
            var due = _due[index][id % MostInFlight];
            _due[index][id % MostInFlight] = 0;
            if (_isMeasuring && due >= _start + (long)(_plan.WarmUp.TotalSeconds * Stopwatch.Frequency))
                _latencies.Record(Stopwatch.GetElapsedTime(due, now));
        }
        if (tail > 0 || bytes.Length > 0)
            connection.KeepTail(bytes);
    }
}
