using Swiper.Load.Running;
using Swiper.Load.Wire;

namespace Swiper.Load.Neighbour;

/// <summary>A host, and on it a user whose neighbour attacks.</summary>
internal sealed class NeighbourRun : IAsyncDisposable
{
    // Fewer profiles in memory than there are users: reading those of strangers reads the disk.
    private static readonly string[] Settings = ["Storage:CachedProfiles=1000"];

    private readonly LocalServer _server;
    private readonly NeighbourClient _neighbour;
    private readonly AttackTarget _target;

    private NeighbourRun(LocalServer server, NeighbourClient neighbour, AttackTarget target) =>
        (_server, _neighbour, _target) = (server, neighbour, target);

    /// <param name="program">Swiper.Host.dll, or a published executable.</param>
    /// <param name="robots">Users on the host.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<NeighbourRun> StartAsync(string program, int robots, CancellationToken stop)
    {
        const int Helpers = 2;
        var server = await LocalServer.StartAsync(program, robots + Helpers, isDevelopment: true, onCluster: false, stop, Settings);
        try
        {
            var tokens = server.Server.Tokens;
            var endPoint = server.EndPoint;
            string[] strangers = [.. tokens.Skip(Helpers)];
            var people = new Robots(strangers).Uids(endPoint);
            var neighbour = await NeighbourClient.SignInAsync(endPoint, tokens[1], people);
            return new NeighbourRun(server, neighbour, new AttackTarget(endPoint, tokens[0], people, strangers));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The neighbour's days without the attack and with it, one right after the other.</summary>
    public async Task<(Experience Without, Experience With)> MeasureAsync(Attack attack, TimeSpan time)
    {
        await attack.PrepareAsync(_target);
        var without = await _neighbour.LiveAsync(time);
        using var stop = new CancellationTokenSource();
        var attacking = attack.RunAsync(_target, stop.Token);
        // Not counted: the attack unfolds.
        await _neighbour.LiveAsync(time / 5);
        var with = await _neighbour.LiveAsync(time);
        await stop.CancelAsync();
        await attacking;
        return (without, with);
    }

    public async ValueTask DisposeAsync()
    {
        await _neighbour.DisposeAsync();
        await _server.DisposeAsync();
    }
}
