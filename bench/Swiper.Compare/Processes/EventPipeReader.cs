using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Swiper.Compare.Processes;

/// <summary>
/// Reads what another .NET process counts, through the diagnostics port that every one opens: the process needs no hook. On a thread of
/// its own, until it is disposed or the process ends.
/// </summary>
/// <typeparam name="T">What the process tells once an interval.</typeparam>
internal sealed class EventPipeReader<T> : IDisposable
{
    /// <summary>How often counters are to be told.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>What takes longer than that never comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly int _process;
    private readonly string _provider;
    private readonly TryRead _tryRead;
    private readonly BlockingCollection<T> _values = [];
    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _events;
    private readonly Thread _thread;
    private Exception? _failure;

    /// <param name="process">Its id.</param>
    /// <param name="provider">Of the events.</param>
    /// <param name="keywords">Which of them.</param>
    /// <param name="argumentsOf">Of the provider, given the seconds of an interval.</param>
    /// <param name="tryRead">Gets each event, on the reader's thread.</param>
    public EventPipeReader(int process, string provider, long keywords, Func<string, Dictionary<string, string>> argumentsOf,
        TryRead tryRead)
    {
        _process = process;
        _provider = provider;
        _tryRead = tryRead;
        var arguments = argumentsOf(Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        _session = new DiagnosticsClient(process).StartEventPipeSession(
            new EventPipeProvider(provider, EventLevel.Informational, keywords, arguments), requestRundown: false);
        try
        {
            _events = new EventPipeEventSource(_session.EventStream);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
        _events.Dynamic.All += Add;
        _thread = new Thread(Process) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The value that an event completes, if it does.</summary>
    public delegate bool TryRead(TraceEvent e, [MaybeNullWhen(false)] out T value);

    /// <summary>The values of so many whole intervals from now on. Waits for them.</summary>
    /// <exception cref="IOException">The process has ended, or it can't be read.</exception>
    public T[] Take(int intervals)
    {
        while (_values.TryTake(out _))
        {
        }
        // The first to come began before now.
        TakeOne();
        return [.. Enumerable.Range(0, intervals).Select(_ => TakeOne())];
    }

    public void Dispose()
    {
        try
        {
            _session.Stop();
        }
        catch (Exception e) when (e is ServerNotAvailableException or SocketException or IOException or TimeoutException)
        {
            // The process is gone, and with it the session.
        }
        var isOver = _thread.Join(Patience);
        _session.Dispose();
        // A thread that still reads must find them as they are.
        if (!isOver)
            return;
        _events.Dispose();
        _values.Dispose();
    }

    private T TakeOne()
    {
        if (_values.TryTake(out var value, Patience))
            return value;
        throw _failure is { } failure ? new IOException($"process {_process} can't be read any more: {failure.Message}", failure)
            : _values.IsCompleted ? new EndOfStreamException($"process {_process} ended while it was read")
            : new TimeoutException($"process {_process} tells nothing of {_provider}");
    }

    private void Process()
    {
        try
        {
            _events.Process();
        }
        // Whoever waits for a value gets it: thrown here, it would end the whole comparison.
        catch (Exception e)
        {
            _failure = e;
        }
        finally
        {
            _values.CompleteAdding();
        }
    }

    private void Add(TraceEvent e)
    {
        if (_tryRead(e, out var value))
            _values.Add(value);
    }
}
