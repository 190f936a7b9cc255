using System.Threading.Channels;

namespace Swiper.Client.Pushes;

/// <summary>
/// Puts the pushes of a user in order for the app, each once. A push that is ahead is held until those before it came, a resume was
/// answered, or, where none is to come, patience has run out. What came before is dropped.
/// </summary>
internal sealed class PushFeed : IDisposable
{
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMilliseconds(500);

    // The server keeps no more than these for one who was away.
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

    /// <param name="capacity">Pushes that may wait for the app.</param>
    /// <param name="patience">How long a gap is waited for that no resume is to fill.</param>
    /// <param name="clock">Runs the patience; the system's where null.</param>
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

    /// <summary>The next push is the one after <paramref name="last"/>, whatever was counted before.</summary>
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
                // Late is better than never; all else that is behind was delivered already.
                if (_skipped.Remove(push.Seq))
                    _channel.Writer.TryWrite(push);
            }
            else if (_held.TryAdd(push.Seq, push) && _held.Count == 1)
                _timer.Change(_patience, Timeout.InfiniteTimeSpan);
            if (_held.Count > MaxHeld)
                ReleaseHeld();
        }
    }

    /// <summary>The connection is lost: what is missing comes with the resume, so what is held is held until then.</summary>
    public void AwaitResume()
    {
        lock (_gate)
            _awaitsResume = true;
    }

    /// <summary>A resume was answered, or there is nobody to resume: what is missing now is not to be had any more.</summary>
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
    /// The app asks for a resume: what is missing comes with it. To be followed by one <see cref="EndAskedResume"/>, however it ends.
    /// </summary>
    /// <param name="last">The app knows the pushes up to there; null where nothing is to be brought again.</param>
    public void BeginAskedResume(long? last)
    {
        lock (_gate)
        {
            if (last is { } known)
                StartAfter(known);
            _resumesAsked++;
        }
    }

    /// <summary>Where it was not answered, what is held is waited for as usual from now on.</summary>
    public void EndAskedResume()
    {
        lock (_gate)
        {
            _resumesAsked--;
            if (_held.Count > 0)
                _timer.Change(_patience, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the feed for the app once it has read what waits.</summary>
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

    // Also delivers the held ones that follow on it.
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
