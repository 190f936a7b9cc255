using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.Client.Tests;

/// <summary>The server itself, as a process of its own in a folder of its own.</summary>
public sealed class RealHost : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ChildHost? _host;

    /// <summary>Not one that the system gives: somebody's connection might have it while the host is away.</summary>
    public int Port { get; } = FreePorts.Find();

    public int TlsPort => _host!.TlsEndPoint!.Port;

    public string Outbox => _data.File(Path.Combine("outbox", "sms.jsonl"));

    public static string PythonClient => SharedFiles.InRepository("tests", "Python", "swiper_client.py");

    public SwiperClientOptions Tcp => new() { Host = "127.0.0.1", Port = Port, UseTls = false, RequestTimeout = Patience.Limit };

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>On the same data and TCP port as before, to which clients come back; the TLS port is another each time.</summary>
    public async Task StartAsync() =>
        _host = await ChildHost.StartAsync(new HostPlan(HostPlan.BesideThisProgram, _data) { Port = Port, HasTls = true });

    public async Task KillAsync()
    {
        await _host!.KillAsync();
        _host.Dispose();
    }

    /// <summary>Signs a new user in, with the code from the outbox.</summary>
    internal async Task LogInAsync(SwiperClient client)
    {
        var phone = $"+1555{Random.Shared.Next(100_000_000):D8}";
        await client.RequestCodeAsync(phone).Soon();
        await client.LogInAsync(phone, NewestCode(phone)).Soon();
    }

    /// <summary>The code that was sent last to a phone.</summary>
    internal string NewestCode(string phone) => new SmsOutbox(_data).CodeOf(phone);

    public ValueTask DisposeAsync()
    {
        _host?.Dispose();
        _data.Dispose();
        return ValueTask.CompletedTask;
    }
}
