using Swiper.Core.Protocol;

namespace Swiper.Client;

// Signing in and out, which the client does more for than sending: it keeps nonces and tokens, and orders pushes around a sign-in; and
// sign_out does two things. The other calls are generated: Calls.g.cs.
public partial interface ISwiperClient
{
    /// <summary>Signs in. From then on the client signs in again automatically after a lost connection.</summary>
    /// <param name="phone">The phone that the code was sent to.</param>
    /// <param name="code">The six digits. Request them on this client, so that it sends the nonce along.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<LoginReply> LogInAsync(string phone, string code, CancellationToken cancellationToken = default);

    /// <summary>Like `LogInAsync`, but returns a failure code as an outcome.</summary>
    ValueTask<Outcome<LoginReply>> TryLogInAsync(string phone, string code, CancellationToken cancellationToken = default);

    /// <summary>Signs in with a code that was requested before the app was restarted.</summary>
    /// <param name="phone">The phone that the code was sent to.</param>
    /// <param name="code">The six digits.</param>
    /// <param name="nonce">The stored <see cref="RequestCodeReply.Nonce"/>; null if this device did not request the code.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<LoginReply> LogInAsync(string phone, string code, string? nonce, CancellationToken cancellationToken = default);

    /// <summary>Signs in with a code that was requested before the app was restarted; returns a failure code as an outcome.</summary>
    ValueTask<Outcome<LoginReply>> TryLogInAsync(string phone, string code, string? nonce, CancellationToken cancellationToken = default);

    /// <summary>Signs in with the token of an earlier login, after a restart of the app.</summary>
    /// <param name="token">The stored <see cref="Token"/>.</param>
    /// <param name="lastPushSeq">
    /// The seq of the last push that the app has handled, or the <see cref="LoginReply.PushSeq"/> of the sign-in if there was none: the
    /// pushes after it are sent again. If null, none are.
    /// </param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<ResumeReply> ResumeAsync(string token, long? lastPushSeq = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="ResumeAsync"/>
    ValueTask<Outcome<ResumeReply>> TryResumeAsync(string token, long? lastPushSeq = null, CancellationToken cancellationToken = default);

    /// <summary>Signs out and revokes the token on every connection.</summary>
    ValueTask LogOutAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="LogOutAsync"/>
    ValueTask<Outcome<NoData>> TryLogOutAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Signs out one of the user's devices. If it is this one, the client gets <see cref="SwiperPush.SignedOut"/>, as all its connections
    /// do. A device that the user does not have is no failure.
    /// </summary>
    /// <param name="deviceId">From <see cref="DevicesAsync"/>.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask SignOutAsync(long deviceId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SignOutAsync"/>
    ValueTask<Outcome<NoData>> TrySignOutAsync(long deviceId, CancellationToken cancellationToken = default);

    /// <summary>Signs out all devices of the user but this one.</summary>
    ValueTask SignOutOthersAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SignOutOthersAsync"/>
    ValueTask<Outcome<NoData>> TrySignOutOthersAsync(CancellationToken cancellationToken = default);
}

public sealed partial class SwiperClient
{
    /// <inheritdoc/>
    public ValueTask<LoginReply> LogInAsync(string phone, string code, CancellationToken cancellationToken = default) =>
        TryLogInAsync(phone, code, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<LoginReply>> TryLogInAsync(string phone, string code, CancellationToken cancellationToken = default) =>
        TryLogInAsync(phone, code, _signIn.NonceOf(phone), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LoginReply> LogInAsync(
        string phone, string code, string? nonce, CancellationToken cancellationToken = default) =>
        TryLogInAsync(phone, code, nonce, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<LoginReply>> TryLogInAsync(
        string phone, string code, string? nonce, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(phone);
        ArgumentNullException.ThrowIfNull(code);
        return TrySendAsync<LoginRequest, LoginReply>(Opcode.Login, new LoginRequest(phone, code, nonce), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ResumeReply> ResumeAsync(string token, long? lastPushSeq = null, CancellationToken cancellationToken = default) =>
        TryResumeAsync(token, lastPushSeq, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<ResumeReply>> TryResumeAsync(
        string token, long? lastPushSeq = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        return AskAsync();

        async ValueTask<Outcome<ResumeReply>> AskAsync()
        {
            _pushes.BeginAskedResume(lastPushSeq);
            try
            {
                return await TrySendAsync<ResumeRequest, ResumeReply>(
                    Opcode.Resume, new ResumeRequest(token, lastPushSeq), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _pushes.EndAskedResume();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask LogOutAsync(CancellationToken cancellationToken = default) =>
        (await TryLogOutAsync(cancellationToken).ConfigureAwait(false)).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<NoData>> TryLogOutAsync(CancellationToken cancellationToken = default) =>
        TrySendAsync<NoArgs, NoData>(Opcode.Logout, default, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SignOutAsync(long deviceId, CancellationToken cancellationToken = default) =>
        (await TrySignOutAsync(deviceId, cancellationToken).ConfigureAwait(false)).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<NoData>> TrySignOutAsync(long deviceId, CancellationToken cancellationToken = default) =>
        TrySendAsync<SignOutRequest, NoData>(Opcode.SignOut, new SignOutRequest(deviceId), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SignOutOthersAsync(CancellationToken cancellationToken = default) =>
        (await TrySignOutOthersAsync(cancellationToken).ConfigureAwait(false)).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<NoData>> TrySignOutOthersAsync(CancellationToken cancellationToken = default) =>
        TrySendAsync<SignOutRequest, NoData>(Opcode.SignOut, new SignOutRequest(DeviceId: null), cancellationToken);
}
