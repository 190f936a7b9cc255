using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Swiper.Tests.Shared;

/// <summary>Keeps what is logged, from any thread.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    /// <summary>Called with the id of each event, on the thread that tells of it: may throw there.</summary>
    public Action<int> Happened { get; set; } = static _ => { };

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<Entry> Entries => [.. _entries];

    /// <summary>The messages of an event, in order.</summary>
    public IReadOnlyList<string> Of(int id) => [.. _entries.Where(entry => entry.Id == id).Select(entry => entry.Message)];

    public override string ToString() => string.Join('\n', _entries);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _entries.Enqueue(new Entry(eventId.Id, logLevel, formatter(state, exception), exception));
        Happened(eventId.Id);
    }

    public sealed record Entry(int Id, LogLevel Level, string Message, Exception? Exception);
}
