namespace Swiper.Core.Accounts;

/// <summary>A login code that was sent to a phone.</summary>
/// <param name="Nonce">Returned only to the device that requested the code; null for codes sent by an older version.</param>
/// <param name="Code">The hash of its digits (<see cref="ICodeHash"/>): nobody who reads the store or a backup learns a code.</param>
/// <param name="From">The address that requested it.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Tries">Wrong attempts by the device that requested it.</param>
/// <param name="IsUsed">It was used to sign in.</param>
/// <param name="HasFailed">No gateway accepted the message: it is no good, and not counted, but another has to wait.</param>
public sealed record SentCode(
    string? Nonce, string Code, string From, long SentAt, int Tries = 0, bool IsUsed = false, bool HasFailed = false);

/// <summary>The stored login codes of a phone.</summary>
/// <param name="Sent">The codes of the last day, including used ones: they are the messages that limits count.</param>
/// <param name="Tries">Wrong attempts without a nonce since the last login or lockout without one; a new code does not reset them.</param>
/// <param name="LockedUntil">Until when logins without a nonce are blocked; 0 if they never were.</param>
/// <param name="ChangedAt">When a code was last sent, or an attempt without a nonce last failed. The record expires a day later.</param>
public sealed record PhoneCodes(IReadOnlyList<SentCode> Sent, int Tries, long LockedUntil, long ChangedAt)
{
    /// <summary>A phone for which no code was requested.</summary>
    public static readonly PhoneCodes None = new([], 0, 0, 0);

    /// <summary>True if there is nothing to store.</summary>
    public bool IsEmpty => Sent.Count == 0 && Tries == 0 && LockedUntil == 0;

    internal PhoneCodes With(int index, SentCode changed)
    {
        var sent = Sent.ToArray();
        sent[index] = changed;
        return this with { Sent = sent };
    }
}
