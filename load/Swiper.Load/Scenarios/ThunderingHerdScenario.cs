using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>
/// All connections are cut at the same instant and all users reconnect at once; repeated as soon as all are back.
/// </summary>
public sealed class ThunderingHerdScenario : Scenario
{
    public override string Name => "thundering-herd";

    public override string Description =>
        "all connections are cut at once and all users reconnect and resume at once; repeated when all are back";

    public override IReadOnlyList<string> Steps { get; } = ["return"];

    public override ScenarioDemands Demands { get; } = new() { Loops = Loops.Closed };

    public override ScenarioRun Begin(LoadTarget target) => new Run(target);

    private sealed class Run(LoadTarget target) : ScenarioRun
    {
        private readonly Herd _herd = new();

        public override IReadOnlyList<Figure> Figures =>
        [
            new("stampedes", _herd.Stampedes, FigureMerge.Max),
            new("longest time until all were back, s", _herd.LongestUntilBack.TotalSeconds, FigureMerge.Max),
        ];

        public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken)
        {
            var member = new Member(target, _herd, target.NextToken());
            await member.ConnectAsync(cancellationToken);
            return member;
        }
    }

    private sealed class Member(LoadTarget target, Herd herd, string token) : IVirtualUser
    {
        private readonly RetryPause _pause = new();
        private SwiperClient? _client;

        public async ValueTask<int> NextAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_client is null)
                await _pause.WaitAsync(cancellationToken).ConfigureAwait(false);
            else
                await herd.WaitForNextAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        }

        public ValueTask<StepOutcome> RunAsync(int step) => _pause.AttemptAsync(() => ConnectAsync(CancellationToken.None));

        public async Task ConnectAsync(CancellationToken cancellationToken)
        {
            var client = await target.ConnectAsync(reconnects: false, cancellationToken).ConfigureAwait(false);
            try
            {
                await client.ResumeAsync(token, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await client.DisposeAsync().ConfigureAwait(false);
                throw;
            }
            _client = client;
            herd.Join(DisposeAsync);
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _client, null) is { } client)
                await client.DisposeAsync().ConfigureAwait(false);
        }
    }
}
