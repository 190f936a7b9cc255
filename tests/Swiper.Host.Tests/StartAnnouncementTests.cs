using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Swiper.Host.Tests;

/// <summary>What the log says once clients can connect, and that `--set` says what is logged.</summary>
[Collection(nameof(Alone))]
public sealed class StartAnnouncementTests
{
    [Fact]
    public async Task A_host_in_Development_says_where_codes_are_written()
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        await using var app = Build(log, data);
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Contains(log.Messages, message => message.EndsWith($"data in {data.Path}; Development", StringComparison.Ordinal));
        Assert.Contains($"No SMS is sent: login codes are written to {data.File("outbox/sms.jsonl")}", log.Messages);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_host_that_sends_messages_does_not()
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        await using var app = Build(log, data, "Sms:Url=http://127.0.0.1:9/none");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.DoesNotContain(log.Messages, message => message.Contains("SMS", StringComparison.Ordinal));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_is_logged_is_what_was_set()
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        await using var app = Build(log, data, "Logging:LogLevel:Swiper.Storage=Debug", "Logging:LogLevel:Swiper=Error");
        var loggers = app.Services.GetRequiredService<ILoggerFactory>();

        Assert.True(loggers.CreateLogger("Swiper.Storage.Embedded").IsEnabled(LogLevel.Debug));
        Assert.False(loggers.CreateLogger("Swiper.Host").IsEnabled(LogLevel.Warning));
        Assert.True(loggers.CreateLogger("Others").IsEnabled(LogLevel.Information));
    }

    private static WebApplication Build(KeptLog log, TemporaryFolder data, params string[] settings) => Composition.Build(
        new HostArguments("Development",
            ["Listen:Port=0", "Tls:Enabled=false", "Storage:Shards=1", $"Storage:Data={data.Path}", .. settings]),
        services => services.AddLogging(logging => logging.ClearProviders().AddProvider(log)));

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Messages { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
            // It outlives the host.
        }
    }
}
