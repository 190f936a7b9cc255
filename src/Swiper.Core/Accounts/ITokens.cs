using System.Diagnostics.CodeAnalysis;
using Swiper.Core.Dispatch;

namespace Swiper.Core.Accounts;

/// <summary>Makes and reads the tokens that sign a client in again. A token can't be forged, and ends by itself.</summary>
public interface ITokens
{
    /// <summary>Characters of a token at most.</summary>
    const int MaxLength = 512;

    /// <summary>A token for the user; its identity has an id of its own and the time it ends.</summary>
    string Issue(long uid, out Identity identity);

    /// <summary>
    /// False for what was never issued, was tampered with, or has expired. Whether it was revoked is not looked up here.
    /// </summary>
    bool TryRead(string token, [NotNullWhen(true)] out Identity? identity);
}
