using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>A run of visitors, without background activity.</summary>
internal sealed class VisitorRun(Func<Visitor> create) : ScenarioRun
{
    public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken)
    {
        var visitor = create();
        await visitor.ConnectAsync(cancellationToken);
        return visitor;
    }
}

/// <summary>
/// A sequence of users who each connect, sign in, make some requests one after the other, and leave. A lost connection ends the visit
/// unless <see cref="LoadTarget.OutlivesConnections"/>.
/// </summary>
/// <param name="target">Provides the users.</param>
internal abstract class Visitor(LoadTarget target) : IVirtualUser
{
    /// <summary>The step of connecting and signing in.</summary>
    public const int Arrive = 0;

    private readonly RetryPause _pause = new();
    private SwiperClient? _client;

    public async ValueTask<int> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_client is { State: not ConnectionState.Closed } && NextRequest() is { } step)
            return step;
        await LeaveAsync().ConfigureAwait(false);
        await _pause.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Arrive;
    }

    public ValueTask<StepOutcome> RunAsync(int step) => step == Arrive ? ArriveAsync() : AskAsync(_client!, step);

    public ValueTask DisposeAsync() => LeaveAsync();

    /// <summary>Connects the next user; also called before the measurement.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _client = await target.ConnectPersonAsync(target.OutlivesConnections, cancellationToken).ConfigureAwait(false);
        Begin();
    }

    /// <summary>Called when the next user has arrived.</summary>
    protected abstract void Begin();

    /// <summary>The user's next step; null to leave.</summary>
    protected abstract int? NextRequest();

    protected abstract ValueTask<StepOutcome> AskAsync(SwiperClient client, int step);

    private ValueTask<StepOutcome> ArriveAsync() => _pause.AttemptAsync(() => ConnectAsync(CancellationToken.None));

    private async ValueTask LeaveAsync()
    {
        if (Interlocked.Exchange(ref _client, null) is { } client)
            await client.DisposeAsync().ConfigureAwait(false);
    }
}
