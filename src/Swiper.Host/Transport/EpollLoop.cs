using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Transport;

/// <summary>
/// A thread that polls the sockets of its listeners and connections and serves them: the readers of its connections run on it and must
/// not block.
/// </summary>
internal sealed class EpollLoop : IAsyncDisposable
{
    private const int EventsAWait = 256;
    private const int PostedATurn = 256;
    private const int ReceiveBufferSize = 64 * 1024;
    private const EpollEvents OfConnections =
        EpollEvents.Readable | EpollEvents.Writable | EpollEvents.PeerHangUp | EpollEvents.EdgeTriggered;

    // Like the listeners' token, it can't be a connection's, which have 63 bits.
    private const ulong WakeUpTag = ulong.MaxValue;

    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly Epoll _epoll = new(EventsAWait);
    private readonly WakeUp _wakeUp = new();
    private readonly ConcurrentQueue<Work> _posted = new();
    private readonly Queue<Work> _own = new();
    private readonly SlotTable<EpollConnection> _connections = new();
    private readonly Acceptor _acceptor;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _started;
    private long _idle;
    private long _idleSince;
    private long _told;
    private bool _isStopping;

    /// <param name="number">Names its thread.</param>
    /// <param name="lastDescriptor">Connections get no descriptor from here on.</param>
    /// <param name="sendTimeout">How long a client may take to read the last bytes of a connection that is being closed.</param>
    /// <param name="logger">For what goes wrong.</param>
    public EpollLoop(int number, long lastDescriptor, TimeSpan sendTimeout, ILogger logger)
    {
        SendTimeout = sendTimeout;
        _logger = logger;
        _thread = new Thread(Run) { Name = $"epoll {number}", IsBackground = true };
        _acceptor = new Acceptor(this, _epoll, lastDescriptor, logger);
        _epoll.Watch(_wakeUp.Descriptor, EpollEvents.Readable, WakeUpTag);
    }

    private delegate void Step(EpollLoop loop, object target);

    /// <summary>How long a client may take to read the last bytes of a connection that is being closed.</summary>
    public TimeSpan SendTimeout { get; }

    /// <summary>The receive buffer of all connections. It is lent to a reader until control returns.</summary>
    public byte[] ReceiveBuffer { get; private set; } = ArrayPool<byte>.Shared.Rent(ReceiveBufferSize);

    /// <summary>Open connections of this loop. Used by the loop only.</summary>
    public int Connections => _connections.Count;

    /// <summary>How long its thread has had something to do, from any thread.</summary>
    public TimeSpan Busy
    {
        get
        {
            // In this order: a wait that ends or begins meanwhile makes it too little, never too much, and it never goes back.
            var started = Volatile.Read(ref _started);
            var until = Volatile.Read(ref _idleSince) is > 0 and var since ? since : Stopwatch.GetTimestamp();
            var busy = started == 0 ? 0 : until - started - Volatile.Read(ref _idle);
            _told = Math.Max(_told, busy);
            return Stopwatch.GetElapsedTime(0, _told);
        }
    }

    public void Start() => _thread.UnsafeStart();

    /// <summary>A reader kept the buffer when it continued on another thread.</summary>
    public void ReplaceReceiveBuffer() => ReceiveBuffer = ArrayPool<byte>.Shared.Rent(ReceiveBufferSize);

    /// <summary>
    /// From any thread: schedules a receive for a reader that parked while bytes were available. Deferred, so that others get their turn.
    /// </summary>
    public void PostReceive(EpollConnection connection) =>
        Post(static (_, connection) => ((EpollConnection)connection).Receive(), connection);

    /// <summary>From any thread.</summary>
    public void PostClose(EpollConnection connection) => Post(static (_, connection) => ((EpollConnection)connection).Close(), connection);

    /// <summary>Accepts from a listening socket.</summary>
    /// <exception cref="IOException">The system can't watch it.</exception>
    public Task ListenAsync(ListeningSocket listener) => RunAsync(() => _acceptor.Listen(listener));

    /// <summary>Closes a listening socket; completes when it will accept nothing more.</summary>
    public Task UnlistenAsync(ListeningSocket listener) => RunAsync(() => _acceptor.Unlisten(listener));

    /// <summary>Closes everything that is still open; completes when the thread has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Post(static (loop, _) => loop._isStopping = true, this);
        await _ended.Task;
    }

    /// <summary>From any thread: a callback registered with the token of a connection threw.</summary>
    public void OnCallbackFailed(EpollConnection connection, Exception exception) =>
        TransportLog.ClosedCallbackFailed(_logger, exception, connection.ConnectionId);

    /// <summary>
    /// By the acceptor: takes an accepted socket. Returns the error number if a system limit was reached, or 0.
    /// </summary>
    public int TryAdd(int socket, IPEndPoint? remote, ChannelWriter<EpollConnection> accepted)
    {
        var connection = new EpollConnection(socket, this, remote);
        connection.Number = _connections.Add(connection);
        var error = _epoll.TryWatch(socket, OfConnections, connection.Number);
        if (error != 0 || !accepted.TryWrite(connection))
            connection.Close();
        return error;
    }

    /// <summary>By an open connection on the loop: whether its loop is told of what arrives.</summary>
    public void Listen(int socket, ulong number, bool toReadable) =>
        _epoll.Change(socket, toReadable ? OfConnections : OfConnections & ~EpollEvents.Readable, number);

    /// <summary>By the connection, once it is closed.</summary>
    public void Remove(EpollConnection connection) => _connections.Remove(connection.Number);

    private void Run()
    {
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
        try
        {
            while (!_isStopping)
            {
                var idle = _acceptor.ResumeDue();
                var ready = Wait(_own.Count > 0 || !_posted.IsEmpty ? 0 : idle);
                for (var i = 0; i < ready; i++)
                {
                    var (events, tag) = _epoll.Read(i);
                    if (_connections.TryFind(tag, out var connection))
                        Serve(connection, events);
                    else if (tag == WakeUpTag)
                        _wakeUp.Reset();
                    else if (tag == Acceptor.Tag)
                        _acceptor.AcceptAll();
                }
                // Only what is queued now, however fast more is posted, so that sockets get their turn.
                for (var left = PostedATurn; left > 0 && _posted.TryDequeue(out var work); left--)
                    Do(work);
                for (var left = _own.Count; left > 0; left--)
                    Do(_own.Dequeue());
            }
        }
        catch (Exception exception)
        {
            TransportLog.LoopFailed(_logger, exception, _thread.Name);
            throw;
        }
        finally
        {
            CloseAll();
        }
    }

    private int Wait(int timeoutMs)
    {
        if (timeoutMs == 0)
            return _epoll.Wait(0);
        var since = Stopwatch.GetTimestamp();
        Volatile.Write(ref _idleSince, since);
        var ready = _epoll.Wait(timeoutMs);
        Volatile.Write(ref _idle, _idle + Stopwatch.GetTimestamp() - since);
        Volatile.Write(ref _idleSince, 0);
        return ready;
    }

    private void Serve(EpollConnection connection, EpollEvents events)
    {
        try
        {
            connection.OnReady(events);
        }
        catch (Exception exception)
        {
            GiveUp(connection, exception);
        }
    }

    private void Do(Work work)
    {
        try
        {
            work.Step(this, work.Target);
        }
        catch (Exception exception) when (work.Target is EpollConnection connection)
        {
            GiveUp(connection, exception);
        }
    }

    // A fault in the reader of one connection must not end the others.
    private void GiveUp(EpollConnection connection, Exception exception)
    {
        TransportLog.ReaderFailed(_logger, exception, connection.ConnectionId);
        connection.Abort(new ConnectionAbortedException("its reader failed", exception));
    }

    private void Post(Step step, object target)
    {
        var work = new Work(step, target);
        if (Environment.CurrentManagedThreadId == _thread.ManagedThreadId)
        {
            _own.Enqueue(work);
            return;
        }
        _posted.Enqueue(work);
        _wakeUp.Set();
    }

    private async Task RunAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(static (_, request) =>
        {
            var (action, done) = ((Action, TaskCompletionSource))request;
            try
            {
                action();
                done.SetResult();
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }, (action, done));
        await await Task.WhenAny(done.Task, _ended.Task);
    }

    private void CloseAll()
    {
        _acceptor.Close();
        foreach (var connection in _connections.All())
        {
            connection.Abort(new ConnectionAbortedException("the transport has stopped"));
            Do(new Work(static (_, connection) => ((EpollConnection)connection).Close(), connection));
        }
        _epoll.Dispose();
        _wakeUp.Dispose();
        _ended.SetResult();
    }

    private readonly record struct Work(Step Step, object Target);
}
