using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Swiper.Compare.Processes;

/// <summary>
/// Reads what another .NET process counts, through the diagnostics port that every one opens: the process needs no hook. On a thread of its own, until it is disposed or
/// the process ends.
/// </summary>
internal sealed class EventPipeReader : IDisposable
{
    /// <summary>How often counters are to be told.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>What takes longer than that never comes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly EventPipeSession _session;
    private readonly EventPipeEventSource _events;
    private readonly Thread _thread;

    /// <param name="provider">Of the events.</param>
    /// <param name="keywords">Which of them.</param>
    /// <param name="arguments">Of the provider.</param>
    /// <param name="onEvent">Gets each, on the reader's thread.</param>
    public EventPipeReader(int process, string provider, long keywords, Dictionary<string, string> arguments, Action<TraceEvent> onEvent)
    {
        _session = new DiagnosticsClient(process).StartEventPipeSession(
            new EventPipeProvider(provider, EventLevel.Informational, keywords, arguments), requestRundown: false);
        _events = new EventPipeEventSource(_session.EventStream);
        _events.Dynamic.All += onEvent;
        _thread = new Thread(() => _events.Process()) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        try
        {
            _session.Stop();
        }
        catch (Exception e) when (e is ServerNotAvailableException or EndOfStreamException or IOException or TimeoutException)
        {
            // The process is gone, and with it the session.
        }
        _thread.Join(Patience);
        _events.Dispose();
        _session.Dispose();
    }
}
