namespace Swiper.Core.Accounts;

/// <summary>Hashes codes, under a key of the server, before they are stored.</summary>
public interface ICodeHash
{
    /// <summary>The hash of a phone's code; the same on every host that shares the store.</summary>
    /// <exception cref="Dispatch.StoreUnavailableException">The key can't be read now.</exception>
    string Of(string phone, string code);
}

/// <summary>What a host allows of codes over all phones and addresses.</summary>
public interface ICodeGuard
{
    /// <summary>Counts one more message, unless that would exceed what the host sends.</summary>
    /// <param name="retryAfter">Where refused: how long to wait.</param>
    bool TrySend(out TimeSpan retryAfter);

    /// <summary>
    /// Begins a try of a code, which counts as a wrong one until <see cref="EndTry"/> says more: others may begin meanwhile. All addresses
    /// may try while few codes are wrong; where many are, those that tried a wrong one lately, or are trying one, have to wait.
    /// </summary>
    /// <param name="address">The client's address.</param>
    /// <param name="retryAfter">Where refused: how long to wait.</param>
    bool TryBegin(string address, out TimeSpan retryAfter);

    /// <summary>Ends a try that <see cref="TryBegin"/> has allowed.</summary>
    /// <param name="address">The same.</param>
    /// <param name="wasWrong">Whether the code was wrong; if not, the try does not count.</param>
    void EndTry(string address, bool wasWrong);
}
