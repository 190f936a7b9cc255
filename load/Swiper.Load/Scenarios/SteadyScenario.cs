using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>A scenario whose users keep their connection and cycle through its steps.</summary>
public abstract class SteadyScenario : Scenario
{
    public override ScenarioDemands Demands { get; } = new() { MaxInFlight = 256 };

    public override ScenarioRun Begin(LoadTarget target) => new Run(this, target);

    /// <summary>Makes the request of a step, as an index into <see cref="Scenario.Steps"/>.</summary>
    protected abstract ValueTask<StepOutcome> AskAsync(SwiperClient client, int step);

    protected static ValueTask<StepOutcome> AskAsync<TRequest>(SwiperClient client, Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest> =>
        StepOutcome.OfAsync(client.TrySendAsync<TRequest, ReplySize>(opcode, request));

    private sealed class Run(SteadyScenario scenario, LoadTarget target) : ScenarioRun
    {
        // One delegate shared by all users and requests.
        private readonly Func<SwiperClient, int, ValueTask<StepOutcome>> _ask = scenario.AskAsync;

        public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken)
        {
            var client = scenario.Demands.Tokens
                ? await target.ConnectPersonAsync(reconnects: true, cancellationToken)
                : await target.ConnectAsync(reconnects: true, cancellationToken);
            return new SteadyUser(client, scenario.Steps.Count, _ask);
        }
    }
}
