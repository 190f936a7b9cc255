using Swiper.Client.Connections;
using Swiper.Core.Protocol;

namespace Swiper.Client.Requests;

/// <summary>
/// All requests without a reply, in call order: those in flight on the connection, and behind them those that wait for a connection or
/// for room on it. The code that removes a request, under the gate, must complete it.
/// </summary>
internal sealed class RequestQueue : IDisposable
{
    private readonly Dictionary<uint, PendingRequest> _inFlight = [];
    private readonly DeadlineTimer _deadlines;
    private Queue<Ticket> _waiting = new();
    private FrameSender? _sender;
    private bool _isOpen;
    private bool _isClosed;
    private Exception? _closedBy;
    private int _maxInFlight;
    private int _maxFrame = int.MaxValue;
    private uint _lastId;

    /// <param name="inlineCompletions">See <see cref="SwiperClientOptions.InlineCompletions"/>.</param>
    public RequestQueue(bool inlineCompletions)
    {
        InlineCompletions = inlineCompletions;
        _deadlines = new DeadlineTimer(TimeOut);
    }

    public bool InlineCompletions { get; }

    /// <summary>Guards the queue and the unsent frames of its <see cref="FrameSender"/>.</summary>
    public Lock Gate { get; } = new();

    public bool HasInFlight
    {
        get
        {
            lock (Gate)
                return _inFlight.Count > 0;
        }
    }

    /// <summary>Sends the request when its turn comes.</summary>
    public void Submit(PendingRequest request)
    {
        FrameSender? toFlush;
        bool alone;
        lock (Gate)
        {
            // Cancelled already.
            if (request.Stage != RequestStage.New)
                return;
            if (_isClosed)
            {
                request.Stage = RequestStage.Done;
                FailSoon(request, Closed());
                return;
            }
            request.Stage = RequestStage.Waiting;
            _waiting.Enqueue(new Ticket(request));
            _deadlines.Watch(request.Deadline);
            SendWaiting();
            alone = _inFlight.Count <= 1;
            toFlush = FlushDue();
        }
        // A lone request is sent at once; among others it is sent a moment later, so that several share one write.
        toFlush?.Flush(inline: alone);
    }

    /// <summary>Sends one of the client's own requests ahead of all waiting ones.</summary>
    public void SubmitFirst(PendingRequest request)
    {
        FrameSender? toFlush;
        lock (Gate)
        {
            if (request.Stage != RequestStage.New)
                return;
            if (_sender is null)
            {
                request.Stage = RequestStage.Done;
                FailSoon(request, new SwiperConnectionLostException("the connection was lost"));
                return;
            }
            _deadlines.Watch(request.Deadline);
            Send(request, _sender);
            toFlush = FlushDue();
        }
        toFlush?.Flush(inline: true);
    }

    /// <summary>Attaches a new connection: until it is opened, only <see cref="SubmitFirst"/> sends on it.</summary>
    public void Bind(FrameSender sender)
    {
        lock (Gate)
        {
            _sender = sender;
            _isOpen = false;
            _maxFrame = int.MaxValue;
        }
    }

    /// <summary>Opens a connection for requests, within the server's limits on requests in flight and frame size.</summary>
    public void Open(FrameSender sender, int maxInFlight, int maxFrame)
    {
        FrameSender? toFlush;
        lock (Gate)
        {
            if (_sender != sender)
                return;
            _isOpen = !sender.IsPaused;
            _maxInFlight = maxInFlight;
            _maxFrame = maxFrame;
            SendWaiting();
            toFlush = FlushDue();
        }
        toFlush?.Flush(inline: true);
    }

    /// <summary>Makes further requests wait for another connection; those in flight may still be answered.</summary>
    public void Pause(FrameSender sender)
    {
        lock (Gate)
        {
            sender.IsPaused = true;
            _isOpen &= _sender != sender;
        }
    }

    /// <summary>While a read's replies are delivered, gathers the requests that callers make in response.</summary>
    public void BeginReplies(FrameSender sender)
    {
        lock (Gate)
            sender.IsHeld = true;
    }

    public void EndReplies(FrameSender sender)
    {
        bool flush;
        lock (Gate)
        {
            sender.IsHeld = false;
            flush = sender.TryBeginFlush();
        }
        if (flush)
            sender.Flush(inline: true);
    }

    /// <summary>Removes the request that a reply belongs to; null if it was already removed.</summary>
    public PendingRequest? TakeAnswered(uint id)
    {
        lock (Gate)
        {
            if (!_inFlight.Remove(id, out var request))
                return null;
            request.Stage = RequestStage.Done;
            SendWaiting();
            return request;
        }
    }

    /// <summary>Removes a request at any stage; false if it was already removed.</summary>
    public bool Withdraw(PendingRequest request)
    {
        FrameSender? toFlush = null;
        lock (Gate)
        {
            if (request.Stage == RequestStage.Done)
                return false;
            var wasInFlight = request.Stage == RequestStage.InFlight;
            request.Stage = RequestStage.Done;
            if (wasInFlight)
            {
                _inFlight.Remove(request.Id);
                SendWaiting();
                toFlush = FlushDue();
            }
        }
        toFlush?.Flush(inline: false);
        return true;
    }

    /// <summary>Removes the requests in flight on a lost connection, but for those to repeat, which return to the front.</summary>
    public IReadOnlyList<PendingRequest> TakeLost(FrameSender sender, Predicate<PendingRequest> repeats)
    {
        lock (Gate)
        {
            if (_sender != sender)
                return [];
            _sender = null;
            _isOpen = false;
            var inOrder = _inFlight.Values.OrderBy(request => request.Id).ToList();
            _inFlight.Clear();

            var again = new Queue<Ticket>();
            var lost = new List<PendingRequest>();
            foreach (var request in inOrder)
            {
                if (repeats(request))
                {
                    request.Stage = RequestStage.Waiting;
                    again.Enqueue(new Ticket(request));
                }
                else
                {
                    request.Stage = RequestStage.Done;
                    lost.Add(request);
                }
            }
            if (again.Count > 0)
            {
                foreach (var ticket in _waiting)
                    again.Enqueue(ticket);
                _waiting = again;
            }
            return lost;
        }
    }

    /// <summary>Fails all present and future requests.</summary>
    /// <param name="lostBy">Why the connection was lost for good; null if the client is disposed.</param>
    public void Close(Exception? lostBy)
    {
        var unanswered = new List<PendingRequest>();
        lock (Gate)
        {
            _isClosed = true;
            _closedBy ??= lostBy;
            _isOpen = false;
            _sender = null;
            unanswered.AddRange(_inFlight.Values);
            unanswered.AddRange(_waiting.Where(ticket => ticket.IsLive).Select(ticket => ticket.Request));
            foreach (var request in unanswered)
                request.Stage = RequestStage.Done;
            _inFlight.Clear();
            _waiting.Clear();
        }
        foreach (var request in unanswered)
            request.Fail(Closed());
    }

    public void Dispose() => _deadlines.Dispose();

    private Exception Closed() => _closedBy is { } reason
        ? new SwiperConnectionException($"the connection was lost and the client does not reconnect ({reason.Message})", reason)
        : new ObjectDisposedException(nameof(SwiperClient), "the client is disposed");

    // Callers must not resume under the gate.
    private static void FailSoon(PendingRequest request, Exception exception) =>
        ThreadPool.UnsafeQueueUserWorkItem(failure => failure.request.Fail(failure.exception), (request, exception), preferLocal: false);

    private void SendWaiting()
    {
        while (_isOpen && _inFlight.Count < _maxInFlight && _waiting.TryDequeue(out var ticket))
        {
            if (ticket.IsLive)
                Send(ticket.Request, _sender!);
        }
    }

    private void Send(PendingRequest request, FrameSender sender)
    {
        do
            _lastId++;
        while (_lastId == 0 || _inFlight.ContainsKey(_lastId));
        request.Id = _lastId;
        try
        {
            if (sender.TryAppend(request, _maxFrame))
            {
                request.Stage = RequestStage.InFlight;
                _inFlight.Add(request.Id, request);
                return;
            }
            request.Stage = RequestStage.Done;
            var failure = new Failure(StatusCode.BadParams, $"the request is larger than the {_maxFrame} bytes that the server accepts");
            ThreadPool.UnsafeQueueUserWorkItem(refusal => refusal.request.Refuse(refusal.failure), (request, failure), preferLocal: false);
        }
        catch (Exception exception)
        {
            // A fault of this caller only.
            request.Stage = RequestStage.Done;
            FailSoon(request, new ArgumentException(
                $"the {request.Opcode} request contains a value that can't be encoded, such as a null string",
                nameof(request),
                exception));
        }
    }

    private FrameSender? FlushDue() => _sender is { } sender && sender.TryBeginFlush() ? sender : null;

    private void TimeOut()
    {
        var late = new List<(PendingRequest Request, bool WasSent)>();
        FrameSender? toFlush;
        lock (Gate)
        {
            if (_isClosed)
                return;
            var now = Environment.TickCount64;
            var next = long.MaxValue;
            foreach (var request in _inFlight.Values)
            {
                if (request.Deadline <= now)
                    late.Add((request, true));
                else
                    next = Math.Min(next, request.Deadline);
            }
            foreach (var ticket in _waiting)
            {
                if (!ticket.IsLive)
                    continue;
                if (ticket.Request.Deadline <= now)
                    late.Add((ticket.Request, false));
                else
                    next = Math.Min(next, ticket.Request.Deadline);
            }
            foreach (var (request, wasSent) in late)
            {
                request.Stage = RequestStage.Done;
                if (wasSent)
                    _inFlight.Remove(request.Id);
            }
            while (_waiting.TryPeek(out var first) && !first.IsLive)
                _waiting.Dequeue();
            _deadlines.Restart(next);
            SendWaiting();
            toFlush = FlushDue();
        }
        foreach (var (request, wasSent) in late)
        {
            request.Fail(new TimeoutException(wasSent
                ? $"{request.Opcode} was not answered in time; the server may have processed it"
                : $"{request.Opcode} could not be sent in time: not connected, or too many requests in flight"));
        }
        toFlush?.Flush(inline: false);
    }

    /// <summary>A place in the queue. By its turn the request may have left it, and may even have been reused.</summary>
    private readonly struct Ticket(PendingRequest request)
    {
        private readonly int _generation = request.Generation;

        public PendingRequest Request { get; } = request;

        public bool IsLive => Request.Stage == RequestStage.Waiting && Request.Generation == _generation;
    }
}
