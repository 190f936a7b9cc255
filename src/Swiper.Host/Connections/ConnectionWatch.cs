using System.Diagnostics.Metrics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// All open connections. Once a second it cuts off those that are late or hold too much and signs out those whose token has expired; when
/// the server stops it drains all of them. One list costs each connection two references, while a timer and a cancellation registration
/// per connection would cost hundreds of bytes.
/// </summary>
internal sealed class ConnectionWatch : IHostedService, IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // While connections hold much: what they can add meanwhile is bounded by what is sent or answered in a tenth of a second.
    private static readonly TimeSpan ShortInterval = TimeSpan.FromMilliseconds(100);

    // Clients of a stopping host come back after this time and up to twice as much. The more there are, the longer: twenty connections a
    // millisecond are what other hosts, or its successor, can accept beside their work.
    private const int SoonestReturnMs = 50;
    private const int LatestReturnMs = 5_000;
    private const int ReturnsAMs = 20;

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _stopping;
    private readonly TimeProvider _clock;
    private readonly SessionRegistry _sessions;
    private readonly BufferBudget _budget;
    private readonly long _signInMs;
    private readonly List<FrameLoop> _late = [];
    private readonly List<(Session Session, Identity Identity)> _expired = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameLoop? _first;
    private bool _isDraining;
    private int _paused;

    public ConnectionWatch(
        TimeProvider clock, SessionRegistry sessions, BufferBudget budget, SwiperOptions options, IHostEnvironment environment,
        IHostApplicationLifetime lifetime, IMeterFactory meters)
    {
        _signInMs = (long)(options.Limits.SignInFor(environment.IsDevelopment())?.TotalMilliseconds ?? long.MaxValue);
        var meter = meters.Create(Traffic.MeterName);
        meter.CreateObservableUpDownCounter("swiper.connections.paused", () => Volatile.Read(ref _paused), "{connection}",
            "Connections that are not read: until some of their requests are answered, their client has read, or their pace allows.");
        meter.CreateObservableUpDownCounter("swiper.sessions", () => sessions.Count, "{session}", "Signed-in connections.");
        _clock = clock;
        _sessions = sessions;
        _budget = budget;
        _timer =
            clock.CreateTimer(static watch => ((ConnectionWatch)watch!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _stopping = lifetime.ApplicationStopping.Register(DrainAll);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Completes once the server stops and has no connection any more; more may come while the ports are open.</summary>
    public Task Drained => _drained.Task;

    public void Add(FrameLoop loop)
    {
        lock (_gate)
        {
            loop.Next = _first;
            if (_first is not null)
                _first.Previous = loop;
            _first = loop;
            if (!_isDraining)
                return;
        }
        // Accepted just before the ports closed.
        loop.Drain(SoonestReturnMs);
    }

    public void Remove(FrameLoop loop)
    {
        lock (_gate)
        {
            if (loop.Previous is null)
                _first = loop.Next;
            else
                loop.Previous.Next = loop.Next;
            if (loop.Next is not null)
                loop.Next.Previous = loop.Previous;
            loop.Previous = loop.Next = null;
            EndDrain();
        }
    }

    /// <summary>By a loop that does not read its client for now.</summary>
    public void Pause() => Interlocked.Increment(ref _paused);

    /// <summary>By a loop that goes on.</summary>
    public void Resume() => Interlocked.Decrement(ref _paused);

    public void Dispose()
    {
        _stopping.Dispose();
        _timer.Dispose();
    }

    private void Look()
    {
        var now = Environment.TickCount64;
        var time = _clock.NowMs();
        lock (_late)
        {
            lock (_gate)
            {
                for (var loop = _first; loop is not null; loop = loop.Next)
                {
                    loop.LookForUnread(now);
                    _budget.Add(loop);
                    if (loop.IsLate(now) || loop.IsAnonymousTooLong(now, _signInMs))
                        _late.Add(loop);
                    else if (loop.Session.Identity is { } identity && identity.Expires <= time)
                        _expired.Add((loop.Session, identity));
                }
            }
            foreach (var loop in _late)
                loop.CutOff();
            foreach (var (session, identity) in _expired)
                _sessions.SignOut(session, identity, SignedOutPush.Expired);
            _late.Clear();
            _expired.Clear();
            _budget.Settle();
        }
        _timer.Change(_budget.IsTight ? ShortInterval : Interval, Timeout.InfiniteTimeSpan);
    }

    private void EndDrain()
    {
        if (_isDraining && _first is null)
            _drained.TrySetResult();
    }

    private void DrainAll()
    {
        var loops = new List<FrameLoop>();
        lock (_gate)
        {
            for (var loop = _first; loop is not null; loop = loop.Next)
                loops.Add(loop);
            _isDraining = true;
            EndDrain();
        }
        var reconnectAfterMs = Math.Clamp(loops.Count / ReturnsAMs, SoonestReturnMs, LatestReturnMs);
        foreach (var loop in loops)
            loop.Drain(reconnectAfterMs);
    }
}
