using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>
/// Clients that send a lot and read slowly or never, alongside normal users who must not be affected by them. Only the requests of the
/// normal users are measured.
/// </summary>
public sealed class SlowReadersScenario : Scenario
{
    public override string Name => "slow-readers";

    public override string Description =>
        "normal users are still served alongside clients that send a lot and hardly read, one per four connections";

    public override IReadOnlyList<string> Steps { get; } = ["ping", "top"];

    public override ScenarioDemands Demands { get; } = new() { MaxInFlight = 256 };

    public override ScenarioRun Begin(LoadTarget target) => new Run(target);

    private static ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => step == 0
        ? StepOutcome.OfAsync(client.TrySendAsync<NoArgs, ReplySize>(Opcode.Ping, default))
        : StepOutcome.OfAsync(client.TrySendAsync<TopRequest, ReplySize>(Opcode.Top, new TopRequest(BoardName.All, TopRequest.DefaultN)));

    private sealed class Run(LoadTarget target) : ScenarioRun
    {
        private const int PeopleASlowReader = 4;

        private readonly CancellationTokenSource _over = new();
        private readonly List<SlowReader> _readers = [];
        private int _people;
        private Task _reading = Task.CompletedTask;

        public override IReadOnlyList<Figure> Figures =>
        [
            new("slow readers", _readers.Count),
            new("sent by slow readers, MB", _readers.Sum(reader => reader.BytesAsked) / 1e6),
            new("read by slow readers, MB", _readers.Sum(reader => reader.BytesRead) / 1e6),
            new("slow readers cut off", _readers.Sum(reader => reader.TimesCutOff)),
        ];

        public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken)
        {
            var client = await target.ConnectPersonAsync(reconnects: true, cancellationToken);
            Interlocked.Increment(ref _people);
            return new SteadyUser(client, steps: 2, AskAsync);
        }

        public override Task StartAsync(CancellationToken cancellationToken)
        {
            for (var i = 0; i < Math.Max(2, _people / PeopleASlowReader); i++)
                _readers.Add(new SlowReader(target.Server, reads: i % 2 == 0));
            _reading = Task.WhenAll(_readers.Select(reader => reader.RunAsync(_over.Token)));
            return Task.CompletedTask;
        }

        public override async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _reading;
            _over.Dispose();
            await base.DisposeAsync();
        }
    }
}
