using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swiper.Storage.Cluster;

namespace Swiper.Storage.Tests;

/// <summary>A log that a test reads: the number of each event, and what an operator would see.</summary>
internal sealed class CapturedLog : ILogger<ClusterStorage>
{
    private readonly ConcurrentQueue<(int Event, string Line)> _lines = new();

    /// <summary>Called with each event, on the thread that tells of it: may throw there.</summary>
    public Action<int> Happened { get; set; } = static _ => { };

    /// <summary>The lines of an event, in order.</summary>
    public IReadOnlyList<string> Of(int id) => [.. _lines.Where(line => line.Event == id).Select(line => line.Line)];

    public override string ToString() => string.Join('\n', _lines);

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue((eventId.Id, formatter(state, exception)));
        Happened(eventId.Id);
    }
}
