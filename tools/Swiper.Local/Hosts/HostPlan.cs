using System.Diagnostics;
using Swiper.Local.Services;

namespace Swiper.Local.Hosts;

/// <summary>Which host to start, and on what.</summary>
/// <param name="Program">Swiper.Host.dll, or a published executable.</param>
/// <param name="Data">Its data folder.</param>
internal sealed record HostPlan(string Program, string Data)
{
    private const string SessionStarter = "/usr/bin/setsid";

    /// <summary>What it keeps its truth and index in; null for the embedded engine.</summary>
    public ClusterSettings? Cluster { get; init; }

    /// <summary>Any other options, KEY=VALUE each; they count more than those that this plan sets by itself.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Codes go to an outbox in the data folder, and nothing limits who asks for them; else it runs as in production.</summary>
    public bool IsDevelopment { get; init; } = true;

    /// <summary>
    /// Ctrl+C at a terminal does not reach it, so that whoever started it can end things in order. Where the system can do that.
    /// </summary>
    public bool HasOwnSession { get; init; }

    /// <summary>The host that was built beside this program.</summary>
    public static string BesideThisProgram => Path.Combine(AppContext.BaseDirectory, "Swiper.Host.dll");

    internal ProcessStartInfo ToStart()
    {
        string[] command =
        [
            .. HasOwnSession && File.Exists(SessionStarter) ? (string[])[SessionStarter] : [],
            .. Program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? (string[])["dotnet"] : [],
            Program,
            "--environment", IsDevelopment ? "Development" : "Production", "--data", Data, "--port", "0",
            "--set", "Listen:Address=127.0.0.1", "--set", "Tls:Enabled=false",
            // Whatever the environment says: it must not play on a cluster that others use.
            "--set", $"Storage:Engine={(Cluster is null ? "embedded" : "cluster")}",
            .. IsDevelopment ? (string[])["--set", "Accounts:LiftRateLimits=true"] : Production,
            .. Settings.SelectMany(setting => (string[])["--set", setting]),
        ];
        var start = new ProcessStartInfo(command[0], command[1..]);
        Cluster?.Configure(start);
        return start;
    }

    // All connections come from one address and sign in at once, and no code is ever asked for.
    private static string[] Production { get; } =
        ["--set", "Sms:Url=http://127.0.0.1:9/none", "--set", "Accounts:SignInsPerAddressPerMinute=1000000000"];
}
