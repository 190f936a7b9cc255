using Swiper.Core.Protocol;
using Swiper.Load.Running;
using Swiper.Load.Wire;

namespace Swiper.Load.Neighbour;

/// <summary>A host, and on it a user whose neighbour attacks.</summary>
internal sealed class NeighbourRun : IAsyncDisposable
{
    // As many as ask for decks without a quota being in the way.
    private const int Neighbours = 60;

    // Fewer profiles in memory than there are users: reading those of strangers reads the disk.
    private static readonly string[] ColdCache = ["Storage:CachedProfiles=1000"];

    // As in production, but that all users have one address.
    private static readonly string[] WithQuotas =
        [.. ColdCache, "Accounts:LiftRateLimits=false", "Accounts:SignInsPerAddressPerMinute=1000000000", "Limits:Pace=2000"];

    private readonly LocalServer _server;
    private readonly Neighbours _neighbours;
    private readonly AttackTarget _target;

    private NeighbourRun(LocalServer server, Neighbours neighbours, AttackTarget target) =>
        (_server, _neighbours, _target) = (server, neighbours, target);

    /// <param name="program">Swiper.Host.dll, or a published executable.</param>
    /// <param name="robots">Users on the host.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="hasQuotas">Whether quotas are in force; without them only shares stand between the neighbours.</param>
    public static async Task<NeighbourRun> StartAsync(string program, int robots, bool hasQuotas, CancellationToken stop)
    {
        var others = 1 + Neighbours;
        var server = await LocalServer.StartAsync(
            program, robots + others, isDevelopment: true, onCluster: false, stop, hasQuotas ? WithQuotas : ColdCache);
        try
        {
            var tokens = server.Server.Tokens;
            var endPoint = server.EndPoint;
            string[] strangers = [.. tokens.Skip(others)];
            var people = new Robots(strangers).Uids(endPoint);
            var neighbours = await Neighbour.Neighbours.SignInAsync(endPoint, tokens.Skip(1).Take(Neighbours), people);
            return new NeighbourRun(server, neighbours, new AttackTarget(endPoint, tokens[0], people, strangers));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does what an attack needs before its first measurement.</summary>
    public Task PrepareAsync(Attack attack) => attack.PrepareAsync(_target);

    /// <summary>The code of the reply to the first request of an attack by requests.</summary>
    public Task<StatusCode> AskOnceAsync(Attack attack) => Flood.AskAsync(_target, attack.Requests!(_target)(0));

    /// <summary>What the neighbours experience without the attack and with it, one right after the other.</summary>
    /// <param name="attack">What the attacker does.</param>
    /// <param name="time">The length of each.</param>
    /// <param name="apart">Whether the attack runs in a process of its own.</param>
    public async Task<(Experience Without, Experience With)> MeasureAsync(Attack attack, TimeSpan time, bool apart)
    {
        var without = await _neighbours.LiveAsync(time);
        using var stop = new CancellationTokenSource();
        var attacking = apart ? AttackProcess.RunAsync(attack, _target, stop.Token) : attack.RunAsync(_target, stop.Token);
        // Not counted: the attack unfolds.
        await _neighbours.LiveAsync(apart ? TimeSpan.FromSeconds(1) : time / 5);
        var with = await _neighbours.LiveAsync(time);
        await stop.CancelAsync();
        await attacking;
        return (without, with);
    }

    public async ValueTask DisposeAsync()
    {
        await _neighbours.DisposeAsync();
        await _server.DisposeAsync();
    }
}
