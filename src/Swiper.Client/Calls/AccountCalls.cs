using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>Calls of accounts: signing in and out, profiles.</summary>
public static class AccountCalls
{
    extension(SwiperClient client)
    {
        /// <summary>Has a login code sent to a phone. The client remembers its nonce, which binds it to this device, for the login.</summary>
        /// <param name="phone">E.164: a plus and 7 to 15 digits.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<RequestCodeReply> RequestCodeAsync(string phone, CancellationToken cancellationToken = default) =>
            client.TryRequestCodeAsync(phone, cancellationToken).OrThrow();

        /// <inheritdoc cref="RequestCodeAsync"/>
        public ValueTask<Outcome<RequestCodeReply>> TryRequestCodeAsync(string phone, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<RequestCodeRequest, RequestCodeReply>(Opcode.RequestCode, new RequestCodeRequest(phone), cancellationToken);

        /// <summary>Signs in. From then on the client signs in again by itself after a lost connection.</summary>
        /// <param name="phone">The phone that the code was sent to.</param>
        /// <param name="code">The six digits. They are best asked for on this client, whose nonce then goes with them.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<LoginReply> LogInAsync(string phone, string code, CancellationToken cancellationToken = default) =>
            client.TryLogInAsync(phone, code, cancellationToken).OrThrow();

        /// <summary>Signs in as `LogInAsync` does; a failure code is an outcome.</summary>
        public ValueTask<Outcome<LoginReply>> TryLogInAsync(string phone, string code, CancellationToken cancellationToken = default) =>
            client.TryLogInAsync(phone, code, client.NonceOf(phone), cancellationToken);

        /// <summary>Signs in with a code that was asked for before the app was started again.</summary>
        /// <param name="phone">The phone that the code was sent to.</param>
        /// <param name="code">The six digits.</param>
        /// <param name="nonce"><see cref="RequestCodeReply.Nonce"/> as it was; null where this device did not ask for the code.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<LoginReply> LogInAsync(string phone, string code, string? nonce, CancellationToken cancellationToken = default) =>
            client.TryLogInAsync(phone, code, nonce, cancellationToken).OrThrow();

        /// <summary>Signs in with a code that was asked for before the app was started again; a failure code is an outcome.</summary>
        public ValueTask<Outcome<LoginReply>> TryLogInAsync(
            string phone, string code, string? nonce, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<LoginRequest, LoginReply>(Opcode.Login, new LoginRequest(phone, code, nonce), cancellationToken);

        /// <summary>Signs in with the token of an earlier login, after a restart of the app.</summary>
        /// <param name="token"><see cref="SwiperClient.Token"/> as it was.</param>
        /// <param name="lastPushSeq">
        /// The seq of the last push that the app has dealt with, or the <see cref="LoginReply.PushSeq"/> of the sign-in where there was none:
        /// the ones after it come again. None come where it is null.
        /// </param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<ResumeReply> ResumeAsync(string token, long? lastPushSeq = null, CancellationToken cancellationToken = default) =>
            client.TryResumeAsync(token, lastPushSeq, cancellationToken).OrThrow();

        /// <inheritdoc cref="ResumeAsync"/>
        public ValueTask<Outcome<ResumeReply>> TryResumeAsync(
            string token, long? lastPushSeq = null, CancellationToken cancellationToken = default)
        {
            if (lastPushSeq is { } seq)
                client.StartPushesAfter(seq);
            return client.TrySendAsync<ResumeRequest, ResumeReply>(Opcode.Resume, new ResumeRequest(token, lastPushSeq), cancellationToken);
        }

        /// <summary>Signs out and makes the token worthless on every connection.</summary>
        public async ValueTask LogOutAsync(CancellationToken cancellationToken = default) =>
            (await client.TryLogOutAsync(cancellationToken).ConfigureAwait(false)).OrThrow();

        /// <inheritdoc cref="LogOutAsync"/>
        public ValueTask<Outcome<NoData>> TryLogOutAsync(CancellationToken cancellationToken = default) =>
            client.TrySendAsync<NoArgs, NoData>(Opcode.Logout, default, cancellationToken);

        /// <summary>A profile as the user may see it.</summary>
        /// <param name="uid">Whose; one's own where null.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public async ValueTask<ProfileView> ProfileAsync(long? uid = null, CancellationToken cancellationToken = default) =>
            (await client.TryProfileAsync(uid, cancellationToken).ConfigureAwait(false)).OrThrow().Profile;

        /// <inheritdoc cref="ProfileAsync"/>
        public ValueTask<Outcome<ProfileReply>> TryProfileAsync(long? uid = null, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<ProfileRequest, ProfileReply>(Opcode.Profile, new ProfileRequest(uid), cancellationToken);

        /// <summary>Changes fields of one's own profile and answers it as it is then.</summary>
        public async ValueTask<ProfileView> UpdateProfileAsync(ProfileChange change, CancellationToken cancellationToken = default) =>
            (await client.TryUpdateProfileAsync(change, cancellationToken).ConfigureAwait(false)).OrThrow().Profile;

        /// <inheritdoc cref="UpdateProfileAsync"/>
        public ValueTask<Outcome<ProfileReply>> TryUpdateProfileAsync(ProfileChange change, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<UpdateProfileRequest, ProfileReply>(Opcode.UpdateProfile, new UpdateProfileRequest(change), cancellationToken);
    }
}
