using System.ComponentModel;
using System.Diagnostics;
using Swiper.Host.Options;
using Swiper.Storage;
using Swiper.Storage.Embedded;

namespace Swiper.Host.Restarts;

/// <summary>The process is not restarted; the message says why, for the operator.</summary>
internal sealed class RestartException(string message) : Exception(message);

/// <summary>
/// The replacement of this process by another, which is a restart that nobody notices: the successor is started beside it and takes over
/// once it is ready (<see cref="Handover"/>). Until then a restart that fails changes nothing.
/// </summary>
/// <param name="predecessor">The process that this one is to replace; null if it was started in an ordinary way.</param>
internal sealed class Replacement(Predecessor? predecessor) : IDisposable
{
    // What a host does after its connections: it commits what is queued, and closes its files.
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromMinutes(1);

    // For a commit of each shard.
    private static readonly TimeSpan NotesPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private Predecessor? _predecessor = predecessor;
    private WebApplication? _app;
    private ILogger? _logger;
    private Successor? _successor;
    private string? _failure;
    private EmbeddedStorage? _storage;
    private ReadAhead? _readAhead;
    private bool _isUnderWay;
    private bool _isTerminated;
    private long _quietSince;

    /// <summary>Whether another process is to hand over to this one.</summary>
    public bool HasPredecessor => _predecessor is not null;

    /// <summary>Whether another process has ended its work in order for this one.</summary>
    public bool IsHandedOver => _predecessor?.HasHandedOver ?? false;

    /// <summary>The ports of this process.</summary>
    public ListeningSockets Sockets { get; } = predecessor?.Sockets ?? new ListeningSockets();

    /// <summary>
    /// The options of this process: where it serves again they are not read again, for they may be what its successor failed of.
    /// </summary>
    public SwiperOptions? Options { get; set; }

    /// <summary>The process that is to take over, from when it is ready; else null.</summary>
    public int? SuccessorId
    {
        get
        {
            lock (_gate)
                return _successor?.Id;
        }
    }

    /// <summary>From now on it is this app that serves. Ports that it does not claim are closed once it does.</summary>
    public void Attach(WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Swiper.Restart");
        lock (_gate)
            (_app, _logger) = (app, logger);
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            Sockets.CloseKept();
            if (_failure is not null)
                RestartLog.TakenBack(logger, _failure);
            _failure = null;
            if (_predecessor is null)
                return;
            var gap = _predecessor.SayServing();
            RestartLog.TakenOver(logger, Environment.ProcessId, _predecessor.Id, gap.TotalMilliseconds);
            _predecessor.Dispose();
            _predecessor = null;
            _readAhead?.Dispose();
            _readAhead = null;
        });
    }

    /// <summary>Returns when this process may have what only one can have, at once where nobody has it.</summary>
    /// <exception cref="TimeoutException">The predecessor neither hands over nor ends.</exception>
    public Task WhenMayServeAsync(TimeSpan drain) => _predecessor?.TakeOverAsync(drain + ClosingPatience) ?? Task.CompletedTask;

    /// <summary>
    /// Reads the indexes while the predecessor serves, if it notes what it writes to the folder meanwhile; <see cref="TakeReadAhead"/>
    /// answers them once it has handed over.
    /// </summary>
    /// <exception cref="TimeoutException">The predecessor says nothing.</exception>
    public async Task ReadAheadAsync(EmbeddedOptions options, TimeProvider clock, ILogger logger)
    {
        var (needed, spare) = (_predecessor!.WorkingSet, SpareMemory.Find());
        if (needed > spare)
            RestartLog.NoMemory(logger, needed >> 20, spare >> 20);
        else if (await _predecessor.AskForNotesAsync(options.Folder))
            _readAhead = await Task.Run(() => ReadAhead.Run(options, clock, logger));
    }

    /// <summary>
    /// What was read ahead, for the engine that is opened now, and what has changed since if that is known; null if nothing was.
    /// </summary>
    public ReadAhead? TakeReadAhead()
    {
        if (_predecessor?.Changes is { } changes)
            _readAhead?.Accept(changes);
        return _readAhead;
    }

    /// <summary>Tells the predecessor why this process ends; it goes on serving.</summary>
    public void SayFailed(string reason) => _predecessor?.SayFailed(reason);

    /// <summary>SIGHUP: a restart where that is possible, and else the end, after which a service manager starts the host again.</summary>
    public void OnHangUp(bool isTerminalGone)
    {
        ILogger logger;
        WebApplication app;
        lock (_gate)
        {
            // Between two apps, where a restart is under way.
            if (_app is null)
                return;
            (app, logger) = (_app, _logger!);
        }
        if ((isTerminalGone ? "its terminal is gone" : ServiceManager.Objection) is { } objection)
        {
            RestartLog.Ends(logger, objection);
            app.Lifetime.StopApplication();
            return;
        }
        _ = Task.Run(async () =>
        {
            try
            {
                await BeginAsync();
            }
            catch (RestartException)
            {
                // It is logged, and there is nobody else to tell.
            }
        });
    }

    /// <summary>
    /// SIGTERM, which the app heeds while there is one. True if the process must not end of it at once: its successor does.
    /// </summary>
    public bool OnTerminate()
    {
        lock (_gate)
        {
            _isTerminated = true;
            _successor?.Terminate();
            return _app is null && _successor is not null;
        }
    }

    /// <summary>Starts the successor; answers its id once it is ready and this process has begun to hand over.</summary>
    /// <exception cref="RestartException">There is none; this process goes on.</exception>
    public async Task<int> BeginAsync()
    {
        var (app, logger) = Prepare();
        Successor? successor = null;
        try
        {
            var storage = app.Services.GetRequiredService<IStorageEngine>() as EmbeddedStorage;
            successor = Start(makesNotes: storage is not null);
            RestartLog.Started(logger, successor.Id);
            // SIGTERM meanwhile: nobody is to serve.
            using var stopping = app.Lifetime.ApplicationStopping.Register(successor.Kill);
            if (await successor.WhenReadyAsync(() => NoteChangesAsync(storage!, logger)) is { } reason)
                throw new RestartException(reason);
            lock (_gate)
            {
                if (app.Lifetime.ApplicationStopping.IsCancellationRequested)
                    throw new RestartException("this process is stopping");
                (_successor, _quietSince) = (successor, Stopwatch.GetTimestamp());
            }
            _storage = storage;
            storage?.HandOver();
        }
        catch (RestartException failed)
        {
            RestartLog.Failed(logger, failed.Message);
            successor?.Kill();
            successor?.Dispose();
            Sockets.CloseKept();
            await ForgetChangesAsync(app, logger);
            lock (_gate)
                _isUnderWay = false;
            throw;
        }
        RestartLog.HandingOver(logger, successor.Id);
        ServiceManager.TellMainProcess(successor.Id);
        // Not here: whoever asked for it is to be answered first.
        _ = Task.Run(app.Lifetime.StopApplication);
        return successor.Id;
    }

    /// <summary>
    /// After the app has ended and released all that it had: true if this process has nothing more to do, because it was to end, or its
    /// successor serves. Otherwise it is to serve again.
    /// </summary>
    public async Task<bool> IsOverAsync()
    {
        Successor? successor;
        lock (_gate)
            (successor, _app) = (_successor, null);
        if (successor is null)
            return true;
        Sockets.Leave();
        var reason = await successor.TakeOverAsync(_quietSince, _storage?.Changes);
        lock (_gate)
        {
            if (reason is null || _isTerminated)
                return true;
            (_successor, _isUnderWay, _failure) = (null, false, reason);
        }
        successor.Kill();
        successor.Dispose();
        ServiceManager.TellMainProcess(Environment.ProcessId);
        return false;
    }

    public void Dispose()
    {
        _readAhead?.Dispose();
        _predecessor?.Dispose();
        _successor?.Dispose();
    }

    private (WebApplication App, ILogger Logger) Prepare()
    {
        lock (_gate)
        {
            var refusal = ServiceManager.Objection
                ?? (_app?.Lifetime.ApplicationStarted.IsCancellationRequested != true ? "this process has not yet begun to serve"
                : _isUnderWay ? "this process is being restarted already"
                : _app.Lifetime.ApplicationStopping.IsCancellationRequested ? "this process is stopping"
                : null);
            if (refusal is null)
            {
                _isUnderWay = true;
                return (_app!, _logger!);
            }
            if (_logger is not null)
                RestartLog.Refused(_logger, refusal);
            throw new RestartException(refusal);
        }
    }

    private static async Task<string?> NoteChangesAsync(EmbeddedStorage storage, ILogger logger)
    {
        try
        {
            await storage.NoteChangesAsync().WaitAsync(NotesPatience);
            return storage.Folder;
        }
        catch (Exception exception)
        {
            // Whatever it is: the restart only takes longer.
            RestartLog.NotNoted(logger, exception.Message);
            return null;
        }
    }

    private static async Task ForgetChangesAsync(WebApplication app, ILogger logger)
    {
        if (app.Services.GetRequiredService<IStorageEngine>() is not EmbeddedStorage storage)
            return;
        try
        {
            await storage.ForgetChangesAsync().WaitAsync(NotesPatience);
        }
        catch (Exception exception)
        {
            // Nobody reads what is noted, and the next restart begins anew.
            RestartLog.NotForgotten(logger, exception.Message);
        }
    }

    private Successor Start(bool makesNotes)
    {
        try
        {
            return Successor.Start(Sockets, makesNotes);
        }
        catch (Exception exception) when (exception is Win32Exception or IOException or InvalidOperationException)
        {
            throw new RestartException($"its program can't be started: {exception.Message}");
        }
    }
}
