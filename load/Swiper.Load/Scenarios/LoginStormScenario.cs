using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>Signs up new users one after the other on each connection: requests a code, then logs in with it.</summary>
public sealed class LoginStormScenario : Scenario
{
    private const int RequestCode = 0;
    private const int Login = 1;

    public override string Name => "login-storm";

    public override string Description => "new users sign up: request a code, then log in with it; needs a host in Development";

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
        private string? _nonce;
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
                return await AskForCodeAsync().ConfigureAwait(false);
            _isCodeSent = false;
            return await StepOutcome.OfAsync(
                client.TrySendAsync<LoginRequest, ReplySize>(Opcode.Login, new LoginRequest(_phone, _code, _nonce))).ConfigureAwait(false);
        }

        public ValueTask DisposeAsync() => client.DisposeAsync();

        private async ValueTask<StepOutcome> AskForCodeAsync()
        {
            try
            {
                var request = new RequestCodeRequest(_phone);
                var asked = await client.TrySendAsync<RequestCodeRequest, CodeNonce>(Opcode.RequestCode, request).ConfigureAwait(false);
                _isCodeSent = asked.IsOk;
                if (!asked.IsOk)
                    return StepOutcome.Failed(asked.Failure);
                _nonce = asked.Value.Nonce;
                return new StepOutcome(0, asked.Value.Bytes);
            }
            catch (Exception exception) when (StepOutcome.IsLoss(exception))
            {
                _isCodeSent = false;
                return StepOutcome.NoReply;
            }
        }
    }

    /// <summary>A reply to request_code, of which only the nonce is read.</summary>
    private readonly record struct CodeNonce(string? Nonce, int Bytes) : IPayload<CodeNonce>
    {
        public static CodeNonce Read(scoped ref FieldReader fields)
        {
            var bytes = fields.Array.Length;
            return new(RequestCodeReply.Read(ref fields).Nonce, bytes);
        }

        public void Write(ref MessagePackWriter writer) => throw new NotSupportedException();
    }
}
