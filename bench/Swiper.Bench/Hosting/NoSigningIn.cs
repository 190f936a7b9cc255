using System.Diagnostics.CodeAnalysis;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;

namespace Swiper.Bench.Hosting;

/// <summary>Refuses sign-ins by token or code: connections are created with their users.</summary>
internal sealed class NoSigningIn : ITokens, ISmsSender, ICodeGuard, ICodeHash
{
    public string Issue(long uid, out Identity identity) => throw new NotSupportedException();

    public bool TryRead(string token, [NotNullWhen(true)] out Identity? identity) => throw new NotSupportedException();

    public ValueTask SendAsync(string phone, string text) => throw new NotSupportedException();

    public bool TrySend(out TimeSpan retryAfter) => throw new NotSupportedException();

    public bool TryBegin(string address, out TimeSpan retryAfter) => throw new NotSupportedException();

    public void EndTry(string address, bool wasWrong) => throw new NotSupportedException();

    public string Of(string phone, string code) => throw new NotSupportedException();
}
