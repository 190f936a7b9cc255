using System.Threading.Channels;
using Swiper.Load.Profiles;
using Swiper.Load.Scenarios;

namespace Swiper.Load.NBomber;

/// <summary>
/// The connected users of a run. Each NBomber copy takes one for a single request. At a fixed rate NBomber starts a copy for every
/// overdue request, so copies can outnumber connections and can't be mapped to them by number; the excess copies wait here, as overdue
/// requests do in Swiper's own runner.
/// </summary>
internal sealed class ConnectedUsers : IAsyncDisposable
{
    private const int ConnectingAtOnce = 64;

    private readonly ScenarioRun _run;
    private readonly List<IVirtualUser> _users = [];
    private readonly Channel<IVirtualUser> _free = Channel.CreateUnbounded<IVirtualUser>();

    private ConnectedUsers(ScenarioRun run) => _run = run;

    public static async Task<ConnectedUsers> ConnectAsync(ScenarioRun run, LoadSettings settings, CancellationToken cancellationToken)
    {
        var users = new ConnectedUsers(run);
        try
        {
            for (var left = settings.Connections; left > 0; left -= ConnectingAtOnce)
                users.Add(await Task.WhenAll(Enumerable.Range(0, Math.Min(left, ConnectingAtOnce))
                    .Select(_ => run.ConnectUserAsync(cancellationToken))), settings.InFlight);
            await run.StartAsync(cancellationToken);
            return users;
        }
        catch
        {
            await users.DisposeAsync();
            throw;
        }
    }

    public ValueTask<IVirtualUser> TakeAsync(CancellationToken cancellationToken) => _free.Reader.ReadAsync(cancellationToken);

    public void GiveBack(IVirtualUser user) => _free.Writer.TryWrite(user);

    public async ValueTask DisposeAsync()
    {
        foreach (var user in _users)
            await user.DisposeAsync();
        await _run.DisposeAsync();
    }

    private void Add(IVirtualUser[] users, int inFlight)
    {
        _users.AddRange(users);
        foreach (var user in users)
        {
            for (var request = 0; request < inFlight; request++)
                GiveBack(user);
        }
    }
}
