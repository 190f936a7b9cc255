using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Swiper.Load.Running;
using Swiper.Local.Processes;

namespace Swiper.Load.Neighbour;

/// <summary>
/// An attack in a process of its own, which gets a processor only when nobody else needs it: an attacker's machine is another one. It ends
/// when it is told to, at the latest with this process.
/// </summary>
internal static class AttackProcess
{
    public const string Command = "neighbour-attack";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Swiper.Load.dll");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs an attack until it is stopped.</summary>
    public static async Task RunAsync(Attack attack, AttackTarget target, CancellationToken stop)
    {
        string? firstError = null;
        using var process = new ChildProcess(
            new ProcessStartInfo("nice", ["-n", "19", "dotnet", Program, Command]) { RedirectStandardInput = true },
            static _ => { }, line => firstError ??= line);
        process.WriteLine(JsonSerializer.Serialize(new Order(attack.Name, $"{target.EndPoint}", target.Token, target.Strangers)));
        await Task.WhenAny(process.Ended, Task.Delay(Timeout.Infinite, stop));
        if (process.Ended.IsCompleted)
            throw new LoadException($"the attack '{attack.Name}' ended by itself: {firstError}");
        process.WriteLine("stop");
        await process.Ended.WaitAsync(Patience, CancellationToken.None);
    }

    /// <summary>The process.</summary>
    public static async Task RunAsync(TextReader orders)
    {
        var order = JsonSerializer.Deserialize<Order>((await orders.ReadLineAsync())!)!;
        var attack = Attacks.All.Single(attack => attack.Name == order.Attack);
        using var stop = new CancellationTokenSource();
        var attacking = attack.RunAsync(new AttackTarget(IPEndPoint.Parse(order.Server), order.Token, order.Strangers, []), stop.Token);
        await orders.ReadLineAsync(CancellationToken.None);
        await stop.CancelAsync();
        await Task.WhenAny(attacking, Task.Delay(Patience, CancellationToken.None));
    }

    private sealed record Order(string Attack, string Server, string Token, long[] Strangers);
}
