using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Swiper.Client.Tests;

/// <summary>What was logged, as an operator would read it.</summary>
internal sealed class LogLines : ILoggerFactory, ILogger
{
    private readonly ConcurrentQueue<string> _all = [];
    private readonly Channel<(int Event, string Text)> _unread = Channel.CreateUnbounded<(int, string)>();

    public IEnumerable<string> All => _all;

    /// <summary>The next line of that event; those before it are passed over.</summary>
    public async Task<string> NextAsync(int wanted)
    {
        while (true)
        {
            var (line, text) = await _unread.Reader.ReadAsync().Soon();
            if (line == wanted)
                return text;
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var text = $"{logLevel}: {formatter(state, exception)}";
        _all.Enqueue(text);
        _unread.Writer.TryWrite((eventId.Id, text));
    }

    public void Dispose()
    {
    }
}
