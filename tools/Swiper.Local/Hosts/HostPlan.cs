using System.Diagnostics;
using Swiper.Local.Services;

namespace Swiper.Local.Hosts;

/// <summary>Which host to start, and how.</summary>
/// <param name="Program">Swiper.Host.dll, or a published executable.</param>
/// <param name="Data">The host's data folder.</param>
internal sealed record HostPlan(string Program, string Data)
{
    private const string SessionStarter = "/usr/bin/setsid";

    /// <summary>The MySQL shards and Redis it uses; null for the embedded engine.</summary>
    public ClusterSettings? Cluster { get; init; }

    /// <summary>Additional options as KEY=VALUE; they override those set by this plan.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Environment variables in addition to this process's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>0 for any free port.</summary>
    public int Port { get; init; }

    /// <summary>Listens on a TLS port, too.</summary>
    public bool HasTls { get; init; }

    /// <summary>Shell commands that run in the host's process before it, such as <c>ulimit</c>.</summary>
    public string? ShellPrelude { get; init; }

    /// <summary>Receives each line of its output, on any thread.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Login codes go to an outbox in the data folder, without rate limits; otherwise the host runs as in production.</summary>
    public bool IsDevelopment { get; init; } = true;

    /// <summary>False for a host of the release before this one, which knows no such option.</summary>
    public bool HasOpsPort { get; init; } = true;

    /// <summary>
    /// Shields the host from Ctrl+C at a terminal, so that its parent can shut down in order. Only where the system supports it.
    /// </summary>
    public bool HasOwnSession { get; init; }

    /// <summary>The host built beside this program.</summary>
    public static string BesideThisProgram => Path.Combine(AppContext.BaseDirectory, "Swiper.Host.dll");

    internal ProcessStartInfo ToStart()
    {
        string[] command =
        [
            .. HasOwnSession && File.Exists(SessionStarter) ? (string[])[SessionStarter] : [],
            .. ShellPrelude is null ? (string[])[] : ["bash", "-c", $"{ShellPrelude}; exec \"$@\"", "bash"],
            .. Program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? (string[])["dotnet"] : [],
            Program,
            "--environment", IsDevelopment ? "Development" : "Production", "--data", Data, "--port", $"{Port}",
            "--set", "Listen:Address=127.0.0.1", "--set", "Listen:Plain=true", "--set", $"Tls:Enabled={HasTls}", "--set", "Tls:Port=0",
            .. HasOpsPort ? (string[])["--set", "Ops:Port=0"] : [],
            // Overrides the environment, so that it never runs on a cluster in use.
            "--set", $"Storage:Engine={(Cluster is null ? "embedded" : "cluster")}",
            .. IsDevelopment ? (string[])["--set", "Accounts:LiftRateLimits=true"] : Production,
            .. Settings.SelectMany(setting => (string[])["--set", setting]),
        ];
        var start = new ProcessStartInfo(command[0], command[1..]);
        Cluster?.Configure(start);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    // All connections sign in from one address at once, or never, no login code is ever requested, and nobody buys anything.
    private static string[] Production { get; } =
    [
        "--set", "Sms:Url=https://127.0.0.1:9/none", "--set", "Accounts:SignInsPerAddressPerMinute=1000000000",
        "--set", "Limits:SignIn=1.00:00:00", "--set", "Limits:Pace=0",
        // Nor are the users of a load people.
        "--set", "Quotas:ReadsPerMinute=1000000000", "--set", "Quotas:WritesPerMinute=1000000000",
        "--set", "Quotas:SwipesPerMinute=1000000000", "--set", "Quotas:SearchesPerMinute=1000000000",
        "--set", "Vip:GrantAll=true",
    ];
}
