using Swiper.Client;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>New users, one after the other on each connection: a code to their phone, then the login with it.</summary>
public sealed class LoginStormScenario : Scenario
{
    private const int RequestCode = 0;
    private const int Login = 1;

    public override string Name => "login-storm";

    public override string Description => "new people sign up: a code for their phone, then a login with it; needs a host in Development";

    public override IReadOnlyList<string> Steps { get; } = ["request_code", "login"];

    public override ScenarioDemands Demands { get; } = new() { Tokens = false, Codes = true };

    public override ScenarioRun Begin(LoadTarget target) => new Run(target);

    private sealed class Run(LoadTarget target) : ScenarioRun
    {
        public override async Task<IVirtualUser> ConnectUserAsync(CancellationToken cancellationToken) =>
            new Newcomer(await target.ConnectAsync(reconnects: true, cancellationToken), target);
    }

    private sealed class Newcomer(SwiperClient client, LoadTarget target) : IVirtualUser
    {
        private string _phone = "";
        private string _code = "";
        private bool _isCodeSent;

        public ValueTask<int> NextAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_isCodeSent)
            {
                _code = target.Codes!.CodeOf(_phone);
                return new(Login);
            }
            _phone = target.NewPhone();
            return new(RequestCode);
        }

        public async ValueTask<StepOutcome> RunAsync(int step)
        {
            if (step == RequestCode)
            {
                var asked = await StepOutcome.OfAsync(
                    client.TrySendAsync<RequestCodeRequest, ReplySize>(Opcode.RequestCode, new RequestCodeRequest(_phone))).ConfigureAwait(false);
                _isCodeSent = asked.IsOk;
                return asked;
            }
            _isCodeSent = false;
            return await StepOutcome.OfAsync(
                client.TrySendAsync<LoginRequest, ReplySize>(Opcode.Login, new LoginRequest(_phone, _code))).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();
    }
}
