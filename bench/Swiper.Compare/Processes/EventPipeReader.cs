using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Tracing;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Swiper.Compare.Processes;

/// <summary>
/// Reads counters of another .NET process through its diagnostics port, without changes to that process. Runs on its own thread until
/// disposed or until the process ends.
/// </summary>
/// <typeparam name="T">The value read once per interval.</typeparam>
internal sealed class EventPipeReader<T> : IDisposable
{
    /// <summary>The interval of the counters.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>After this time a value counts as missing.</summary>
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
    /// <param name="provider">The event provider.</param>
    /// <param name="keywords">The events to enable.</param>
    /// <param name="argumentsOf">The provider's arguments for an interval in seconds.</param>
    /// <param name="tryRead">Receives each event, on the reader's thread.</param>
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

    /// <summary>Waits for and returns the values of the next full intervals.</summary>
    /// <exception cref="IOException">The process has exited or can't be read.</exception>
    public T[] Take(int intervals)
    {
        while (_values.TryTake(out _))
        {
        }
        // The first interval began before now.
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
            // The process has exited, and its session with it.
        }
        var isOver = _thread.Join(Patience);
        _session.Dispose();
        // The thread may still be reading, so nothing it uses is disposed.
        if (!isOver)
            return;
        _events.Dispose();
        _values.Dispose();
    }

    private T TakeOne()
    {
        if (_values.TryTake(out var value, Patience))
            return value;
        throw _failure is { } failure ? new IOException($"can't read the counters of process {_process}: {failure.Message}", failure)
            : _values.IsCompleted ? new EndOfStreamException($"process {_process} exited while its counters were read")
            : new TimeoutException($"process {_process} sent no counters of {_provider}");
    }

    private void Process()
    {
        try
        {
            _events.Process();
        }
        // Passed on to whoever waits for a value: thrown here, it would end the whole comparison.
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
