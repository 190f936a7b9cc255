using System.Diagnostics.CodeAnalysis;
using Swiper.Core.Dispatch;

namespace Swiper.Core.Accounts;

/// <summary>Issues and reads the tokens that sign a client in again. Tokens can't be forged, and expire.</summary>
public interface ITokens
{
    /// <summary>Maximum length of a token, in characters.</summary>
    const int MaxLength = 512;

    /// <summary>A token for the user; its identity has a unique id and the expiry time.</summary>
    string Issue(long uid, out Identity identity);

    /// <summary>
    /// False if the token was never issued, was tampered with, or has expired. Revocation is not checked here.
    /// </summary>
    bool TryRead(string token, [NotNullWhen(true)] out Identity? identity);
}
