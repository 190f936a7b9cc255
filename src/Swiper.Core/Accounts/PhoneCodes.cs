namespace Swiper.Core.Accounts;

/// <summary>A login code that was sent to a phone.</summary>
/// <param name="Nonce">What the device that asked was told, and nobody else; null of a code that an older version sent.</param>
/// <param name="Code">Six digits.</param>
/// <param name="From">The address that asked.</param>
/// <param name="SentAt">When.</param>
/// <param name="Tries">Wrong tries of the device that asked.</param>
/// <param name="IsUsed">It has signed somebody in.</param>
public sealed record SentCode(string? Nonce, string Code, string From, long SentAt, int Tries = 0, bool IsUsed = false);

/// <summary>What is kept of the login codes of a phone.</summary>
/// <param name="Sent">The codes of the last day, used ones too: they are the messages that limits count.</param>
/// <param name="Tries">Wrong tries without a nonce since the last login or lockout without one; a new code does not forgive them.</param>
/// <param name="LockedUntil">Until when nobody can log in without a nonce; 0 where that was never so.</param>
/// <param name="ChangedAt">When a code was last sent, or a try without a nonce last failed. A day later all of this is forgotten.</param>
public sealed record PhoneCodes(IReadOnlyList<SentCode> Sent, int Tries, long LockedUntil, long ChangedAt)
{
    /// <summary>Of a phone that nobody has asked for.</summary>
    public static readonly PhoneCodes None = new([], 0, 0, 0);

    /// <summary>True where there is nothing to keep.</summary>
    public bool IsEmpty => Sent.Count == 0 && Tries == 0 && LockedUntil == 0;

    internal PhoneCodes With(int index, SentCode changed)
    {
        var sent = Sent.ToArray();
        sent[index] = changed;
        return this with { Sent = sent };
    }
}
