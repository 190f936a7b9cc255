using System.Collections.Concurrent;
using System.Net.Sockets;
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
    public async Task Development_that_others_may_reach_is_warned_of()
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        await using var app = Build(log, data, "Listen:Address=0.0.0.0");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Contains(
            "Development listens on 0.0.0.0, where others may reach it; it is made for this machine alone", log.Messages);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("0.0.0.0", true)]
    [InlineData("127.0.0.1", false)]
    public async Task Plain_TCP_of_Production_that_others_may_reach_is_warned_of(string address, bool isWarned)
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        await using var app = BuildProduction(log, data, "Listen:Plain=true", "Tls:Enabled=false", $"Listen:Address={address}");
        await app.StartAsync(TestContext.Current.CancellationToken);

        var warning = $"Plain TCP on {address}: only a proxy that terminates TLS may reach it";
        Assert.Equal(isWarned, log.Messages.Contains(warning));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Production_listens_on_all_addresses_and_says_which_networks_are_its_balancers()
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        await using var app = BuildProduction(
            log, data, "Listen:Plain=true", "Tls:Enabled=false", "Ops:Http=false", "Listen:ProxyNetworks:0=10.1.0.0/16",
            "Listen:ProxyNetworks:1=fd00::/64");
        await app.StartAsync(TestContext.Current.CancellationToken);

        var all = Socket.OSSupportsIPv6 ? "[::]" : "0.0.0.0";
        Assert.StartsWith($"http://{all}:", Assert.Single(app.Urls, static url => !url.Contains("unix:", StringComparison.Ordinal)));
        Assert.Contains($"Plain TCP on {all}: only a proxy that terminates TLS may reach it", log.Messages);
        Assert.Equal(!Socket.OSSupportsIPv6, log.Messages.Contains("This machine has no IPv6: only clients with IPv4 can connect"));
        Assert.Contains(
            "A connection from 10.1.0.0/16, fd00::/64 must begin with a PROXY header, which tells its client's address", log.Messages);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Production_has_no_plain_TCP_unless_it_is_told_to()
    {
        using var data = new TemporaryFolder();
        using var log = new KeptLog();
        using var authority = new Certificates();
        authority.WriteLeaf("CN=leaf", data.File("fullchain.pem"), data.File("key.pem"));
        await using var app = BuildProduction(
            log, data, "Tls:Port=0", $"Tls:CertificatePath={data.File("fullchain.pem")}", $"Tls:KeyPath={data.File("key.pem")}",
            "Listen:Address=127.0.0.1", "Ops:Http=false");
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("https://", Assert.Single(app.Urls, static url => !url.Contains("unix:", StringComparison.Ordinal)));
        Assert.Contains(log.Messages, message => message.Contains(" listens on tls 127.0.0.1:", StringComparison.Ordinal));
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

    private static WebApplication Build(KeptLog log, TemporaryFolder data, params string[] settings) =>
        Build("Development", log, data, ["Tls:Enabled=false", .. settings]);

    private static WebApplication BuildProduction(KeptLog log, TemporaryFolder data, params string[] settings) =>
        Build("Production", log, data, ["Sms:Url=https://127.0.0.1:9/none", .. settings]);

    private static WebApplication Build(string environment, KeptLog log, TemporaryFolder data, string[] settings) => Composition.Build(
        new HostArguments(environment,
            ["Listen:Port=0", "Storage:Shards=1", $"Storage:Data={data.Path}", .. settings]),
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
