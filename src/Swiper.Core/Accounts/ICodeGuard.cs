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
    /// Whether an address may try a code. All may while few codes are wrong; where many are, those who tried a wrong one lately have to
    /// wait.
    /// </summary>
    /// <param name="address">The client's address.</param>
    /// <param name="retryAfter">Where refused: how long to wait.</param>
    bool MayTry(string address, out TimeSpan retryAfter);

    /// <summary>Counts a wrong code.</summary>
    void TriedWrong(string address);
}
