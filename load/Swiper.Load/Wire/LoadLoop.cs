using System.Diagnostics;
using Swiper.Local.Measuring;
using Swiper.Local.Processes;

namespace Swiper.Load.Wire;

/// <summary>A closed loop: every connection keeps <paramref name="InFlight"/> requests in flight.</summary>
internal sealed record LoadPlan(int InFlight, IRequestSource Requests, IReplyCounter Replies, TimeSpan WarmUp, TimeSpan Window);

/// <summary>
/// The load client: one thread, one epoll, two system calls for all replies waiting on a connection. Each batch of replies is followed
/// at once by as many new requests. The load tests simulate users with the real client and tasks, which costs more than the server;
/// this client must cost less.
/// </summary>
internal sealed class LoadLoop : IDisposable
{
    private const int WaitMilliseconds = 100;
    private const int TimedSends = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly IReadOnlyList<LoadConnection> _connections;
    private readonly LoadPlan _plan;
    private readonly Epoll _epoll;
    private readonly byte[] _received = new byte[256 * 1024];
    private LatencyHistogram _latencies = new();
    private long _answered;
    private int _sends;
    private long _waits;
    private long _served;
    private bool _isSending = true;

    public LoadLoop(IReadOnlyList<LoadConnection> connections, LoadPlan plan)
    {
        _connections = connections;
        _plan = plan;
        _epoll = new Epoll(connections.Count);
        for (var i = 0; i < connections.Count; i++)
            _epoll.Watch(connections[i].Descriptor, i);
    }

    /// <summary>Warms up, measures one window, then drains the requests in flight: a missing reply is an error.</summary>
    /// <param name="servers">The processes whose CPU time is read.</param>
    public LoadFigures Run(ServerGroup servers)
    {
        for (var i = 0; i < _connections.Count; i++)
            Send(i, _plan.InFlight);
        ServeFor(_plan.WarmUp);

        _latencies = new LatencyHistogram();
        var (answered, waits, served) = (_answered, _waits, _served);
        var (cpu, start) = (CpuTimes.Read(servers), Stopwatch.GetTimestamp());
        ServeFor(_plan.Window);
        var window = Stopwatch.GetElapsedTime(start);
        var used = CpuTimes.Read(servers) - cpu;
        var clientQueue = (double)(_served - served) / Math.Max(1, _waits - waits) / _connections.Count;
        var figures = new LoadFigures(_answered - answered, window, used, clientQueue, _latencies.At(50), _latencies.At(99),
            _latencies.At(100));

        Drain();
        return figures;
    }

    public void Dispose() => _epoll.Dispose();

    private void ServeFor(TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var (answered, patience) = (_answered, Stopwatch.GetTimestamp());
        while (Stopwatch.GetTimestamp() < end)
        {
            ServeReady();
            if (_answered != answered)
                (answered, patience) = (_answered, Stopwatch.GetTimestamp());
            else if (Stopwatch.GetElapsedTime(patience) > Patience)
                throw new TimeoutException($"the server sent no reply for {Patience.TotalSeconds:0} s");
        }
    }

    private void Drain()
    {
        _isSending = false;
        var start = Stopwatch.GetTimestamp();
        while (_connections.Any(connection => connection.Answered < connection.Sent))
        {
            ServeReady();
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException(
                    $"{_connections.Sum(connection => connection.Sent - connection.Answered)} requests were never answered");
        }
    }

    private void ServeReady()
    {
        var ready = _epoll.Wait(WaitMilliseconds);
        if (ready > 0)
            _waits++;
        _served += ready;
        for (var i = 0; i < ready; i++)
            Serve(_epoll.TagOf(i));
    }

    private void Serve(int index)
    {
        var connection = _connections[index];
        var tail = connection.TailLength;
        if (tail > 0)
            connection.Tail.AsSpan(0, tail).CopyTo(_received);

        var length = tail + connection.Receive(_received.AsSpan(tail));
        var bytes = _received.AsSpan(0, length);
        var replies = _plan.Replies.Count(bytes, out var consumed);
        if (tail > 0 || consumed < length)
            connection.KeepTail(bytes[consumed..]);
        if (replies == 0)
            return;

        connection.Answered += replies;
        _answered += replies;
        if (connection.TimedRequest != 0 && connection.Answered >= connection.TimedRequest)
        {
            _latencies.Record(Stopwatch.GetElapsedTime(connection.TimedSince));
            connection.TimedRequest = 0;
        }
        if (_isSending)
            Send(index, replies);
    }

    private void Send(int index, int count)
    {
        var connection = _connections[index];
        connection.Sent += count;
        // The last request of every 16th send is timed. If a server reorders replies, they are counted in order of arrival.
        if (++_sends % TimedSends == 0 && connection.TimedRequest == 0)
        {
            connection.TimedRequest = connection.Sent;
            connection.TimedSince = Stopwatch.GetTimestamp();
        }
        connection.Send(_plan.Requests.Next(index, count));
    }
}
