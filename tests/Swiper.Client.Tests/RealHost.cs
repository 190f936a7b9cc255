using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Swiper.Client.Tests;

/// <summary>The server itself, as a process of its own in a folder of its own.</summary>
public sealed partial class RealHost : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("swiper-client-tests-").FullName;
    private readonly DirectoryInfo _output = Directory.GetParent(AppContext.BaseDirectory.TrimEnd('/'))!;
    private Process? _process;

    public int Port { get; private set; }

    public int TlsPort { get; private set; }

    public string Outbox => Path.Combine(_data, "outbox", "sms.jsonl");

    public static string PythonClient => Path.Combine(SharedFiles.RepositoryRoot(), "tests", "Python", "swiper_client.py");

    public SwiperClientOptions Tcp => new() { Host = "127.0.0.1", Port = Port, UseTls = false, RequestTimeout = Patience.Limit };

    public async ValueTask InitializeAsync() => await StartAsync();

    /// <summary>On the same data and TCP port as before, to which clients come back; the TLS port is another each time.</summary>
    public async Task StartAsync()
    {
        var framework = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var host = Path.Combine(SharedFiles.RepositoryRoot(), "src", "Swiper.Host", "bin", _output.Name, framework, "Swiper.Host.dll");
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [host, "--environment", "Development", "--port", $"{Port}", "--tls-port", "0", "--data", _data])
        {
            RedirectStandardOutput = true,
        })!;
        while (await _process.StandardOutput.ReadLineAsync().Soon() is { } line)
        {
            if (Listening().Match(line) is not { Success: true } match)
                continue;
            (Port, TlsPort) = (int.Parse(match.Groups["tcp"].Value), int.Parse(match.Groups["tls"].Value));
            _ = _process.StandardOutput.ReadToEndAsync();
            return;
        }
        Assert.Fail("the host has ended instead of listening");
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().Soon();
        _process.Dispose();
    }

    /// <summary>Signs a new user in, with the code from the outbox.</summary>
    internal async Task LogInAsync(SwiperClient client)
    {
        var phone = $"+1555{Random.Shared.Next(100_000_000):D8}";
        await client.RequestCodeAsync(phone).Soon();
        await client.LogInAsync(phone, NewestCode(phone)).Soon();
    }

    /// <summary>The code that was sent last to a phone.</summary>
    internal string NewestCode(string phone) => File.ReadLines(Outbox)
        .Select(line => JsonNode.Parse(line)!)
        .Last(message => (string?)message["phone"] == phone)["text"]!.ToString()[..6];

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex(@"listens on tcp 127\.0\.0\.1:(?<tcp>\d+), tls 127\.0\.0\.1:(?<tls>\d+)")]
    private static partial Regex Listening();
}
