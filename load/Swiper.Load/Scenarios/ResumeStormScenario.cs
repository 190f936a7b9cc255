using Swiper.Client;

namespace Swiper.Load.Scenarios;

/// <summary>Apps being opened and closed: connect, resume, disconnect, repeat.</summary>
public sealed class ResumeStormScenario : Scenario
{
    private const int Connect = 0;
    private const int Resume = 1;

    public override string Name => "resume-storm";

    public override string Description => "connect, resume, disconnect, repeat";

    public override IReadOnlyList<string> Steps { get; } = ["connect", "resume"];

    public override ScenarioRun Begin(LoadTarget target) => new Run(target);

    private sealed class Run(LoadTarget target) : ScenarioRun
    {
        public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken)
        {
            var user = new User(target);
            await user.ConnectAsync(cancellationToken);
            return user;
        }
    }

    private sealed class User(LoadTarget target) : IVirtualUser
    {
        private readonly RetryPause _pause = new();
        private SwiperClient? _client;
        private bool _hasResumed;

        public async ValueTask<int> NextAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_client is not null && !_hasResumed)
                return Resume;
            await DisposeAsync().ConfigureAwait(false);
            await _pause.WaitAsync(cancellationToken).ConfigureAwait(false);
            return Connect;
        }

        public ValueTask<StepOutcome> RunAsync(int step) =>
            _pause.AttemptAsync(step == Connect ? () => ConnectAsync(CancellationToken.None) : ResumeAsync);

        public async Task ConnectAsync(CancellationToken cancellationToken)
        {
            _hasResumed = false;
            _client = await target.ConnectAsync(reconnects: false, cancellationToken).ConfigureAwait(false);
        }

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _client, null) is { } client)
                await client.DisposeAsync().ConfigureAwait(false);
        }

        private async Task ResumeAsync()
        {
            _hasResumed = true;
            await _client!.ResumeAsync(target.NextToken()).ConfigureAwait(false);
        }
    }
}
