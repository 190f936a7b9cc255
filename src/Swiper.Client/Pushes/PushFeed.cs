using System.Threading.Channels;

namespace Swiper.Client.Pushes;

/// <summary>
/// Delivers the pushes of a user to the app in order, each once. A push that is ahead is held until those before it have arrived, a
/// resume was answered or, if none is expected, patience has run out. Duplicates are dropped.
/// </summary>
internal sealed class PushFeed : IDisposable
{
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMilliseconds(500);

    // The server keeps no more than these for a client that was away.
    private const int MaxHeld = 100;

    private readonly Lock _gate = new();
    private readonly Channel<SwiperPush> _channel;
    private readonly SortedList<long, SwiperPush> _held = [];
    private readonly HashSet<long> _skipped = [];
    private readonly TimeSpan _patience;
    private readonly ITimer _timer;
    private bool _awaitsResume;
    private int _resumesAsked;
    private long? _last;
    private long _dropped;

    /// <param name="capacity">Maximum number of pushes that wait for the app.</param>
    /// <param name="patience">How long to wait for a gap to fill without a resume.</param>
    /// <param name="clock">Measures the patience; the system clock if null.</param>
    public PushFeed(int capacity, TimeSpan patience, TimeProvider? clock = null)
    {
        _patience = patience;
        _channel = Channel.CreateBounded<SwiperPush>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref _dropped));
        _timer = (clock ?? TimeProvider.System).CreateTimer(
            static feed => ((PushFeed)feed!).LosePatience(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public long Dropped => Interlocked.Read(ref _dropped);

    public ChannelReader<SwiperPush> Reader => _channel.Reader;

    /// <summary>The seq to resume after: nothing up to it is missing. Null before a sign-in.</summary>
    public long? ResumeAfter
    {
        get
        {
            lock (_gate)
                return _skipped.Count > 0 ? _skipped.Min() - 1 : _last;
        }
    }

    /// <summary>Continues after <paramref name="last"/>, whatever the last seq was.</summary>
    public void StartAfter(long last)
    {
        lock (_gate)
        {
            _last = last;
            _held.Clear();
            _skipped.Clear();
        }
    }

    public void Accept(SwiperPush push)
    {
        lock (_gate)
        {
            if (push is SwiperPush.Missed missed)
            {
                StartAfter(missed.ToSeq);
                _channel.Writer.TryWrite(push);
            }
            else if (push.Seq == 0)
                _channel.Writer.TryWrite(push);
            else if (_last is not { } last || push.Seq == last + 1)
                Deliver(push);
            else if (push.Seq <= last)
            {
                // Better late than never; everything else that is behind was already delivered.
                if (_skipped.Remove(push.Seq))
                    _channel.Writer.TryWrite(push);
            }
            else if (_held.TryAdd(push.Seq, push) && _held.Count == 1)
                _timer.Change(_patience, Timeout.InfiniteTimeSpan);
            if (_held.Count > MaxHeld)
                ReleaseHeld();
        }
    }

    /// <summary>The connection is lost: holds pushes until the resume has fetched the missing ones.</summary>
    public void AwaitResume()
    {
        lock (_gate)
            _awaitsResume = true;
    }

    /// <summary>A resume was answered, or no user can be resumed: pushes still missing will not arrive.</summary>
    public void EndResume()
    {
        lock (_gate)
        {
            _awaitsResume = false;
            ReleaseHeld();
            _skipped.Clear();
        }
    }

    /// <summary>
    /// The app requests a resume, which fetches what is missing. One <see cref="EndAskedResume"/> must follow, however it ends.
    /// </summary>
    /// <param name="last">The app has the pushes up to this seq; null to fetch none.</param>
    public void BeginAskedResume(long? last)
    {
        lock (_gate)
        {
            if (last is { } known)
                StartAfter(known);
            _resumesAsked++;
        }
    }

    /// <summary>If it was not answered, held pushes are subject to the usual patience from now on.</summary>
    public void EndAskedResume()
    {
        lock (_gate)
        {
            _resumesAsked--;
            if (_held.Count > 0)
                _timer.Change(_patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the feed once the app has read the waiting pushes.</summary>
    public void Complete(Exception? reason)
    {
        ReleaseHeld();
        _channel.Writer.TryComplete(reason);
    }

    public void Dispose() => _timer.Dispose();

    private void LosePatience()
    {
        lock (_gate)
        {
            if (!_awaitsResume && _resumesAsked == 0)
                ReleaseHeld();
        }
    }

    private void ReleaseHeld()
    {
        lock (_gate)
        {
            while (_held.Count > 0)
            {
                var next = _held.GetValueAtIndex(0);
                for (var seq = _last!.Value + 1; seq < next.Seq && _skipped.Count < MaxHeld; seq++)
                    _skipped.Add(seq);
                _held.RemoveAt(0);
                Deliver(next);
            }
        }
    }

    // Also delivers the held pushes that directly follow it.
    private void Deliver(SwiperPush push)
    {
        _channel.Writer.TryWrite(push);
        _last = push.Seq;
        while (_held.TryGetValue(_last.Value + 1, out var next))
        {
            _held.Remove(next.Seq);
            _channel.Writer.TryWrite(next);
            _last = next.Seq;
        }
    }
}
