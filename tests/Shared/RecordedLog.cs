using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Swiper.Tests.Shared;

/// <summary>Keeps what is logged, from any thread.</summary>
internal sealed class RecordedLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<Entry> _entries = new();

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<Entry> Entries => [.. _entries];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _entries.Enqueue(new Entry(eventId.Id, logLevel, formatter(state, exception), exception));

    public sealed record Entry(int Id, LogLevel Level, string Message, Exception? Exception);
}
