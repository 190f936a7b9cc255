using System.Security.Cryptography;
using System.Text;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>What is kept of a phone's login code.</summary>
/// <param name="Code">Six digits, or empty once it was used or locked.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="Tries">Wrong tries since the last login or lockout; a new code does not forgive them.</param>
/// <param name="LockedUntil">Until when this phone can't log in; 0 where it can.</param>
public readonly record struct CodeRecord(string Code, long SentAt, int Tries, long LockedUntil);

/// <summary>
/// The rules of login codes as pure functions. A repository runs them where it can read and write the record as one atomic step, so
/// that guesses made at the same instant all count.
/// </summary>
/// <param name="ResendAfter">No second code before that.</param>
public sealed record CodeRules(TimeSpan ResendAfter)
{
    public const int Digits = 6;
    public const int MaxTries = 5;
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(180);
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(10);

    /// <summary>How long wrong tries are remembered after the last code was sent.</summary>
    public static readonly TimeSpan TriesKept = TimeSpan.FromDays(1);

    /// <summary>The rules of the product.</summary>
    public static readonly CodeRules Standard = new(TimeSpan.FromSeconds(60));

    /// <summary>For load tests: the same, but a new code at any time.</summary>
    public static readonly CodeRules Lifted = new(TimeSpan.Zero);

    private static readonly Failure LockedOut = new(StatusCode.LockedOut, "too many wrong codes, wait ten minutes");
    private static readonly Failure BadCode = new(StatusCode.BadCode, "wrong code, or it is too old");
    private static readonly Failure TooOften = new(StatusCode.CodeTooOften, "a code was sent less than a minute ago");

    /// <summary>A fresh code.</summary>
    public static string NewCode() => RandomNumberGenerator.GetString("0123456789", Digits);

    /// <summary>A new code is to be sent. Where the answer is a failure, the record stays as it is.</summary>
    public Outcome<CodeRecord> Issue(CodeRecord? current, string code, long now)
    {
        if (current is { } record)
        {
            if (now < record.LockedUntil)
                return LockedOut;
            // Asked again by a store that did not hear whether the first time was committed.
            if (record.Code == code && record.SentAt == now)
                return record;
            // Where codes may follow each other at any time, they may also overtake each other.
            if (record.Code.Length > 0 && ResendAfter > TimeSpan.Zero && now < record.SentAt + (long)ResendAfter.TotalMilliseconds)
                return TooOften;
        }
        // A new code forgives no wrong tries, or five tries a code would be five tries a minute; a lockout and a day do.
        var tries = current is { LockedUntil: 0 } kept && now < kept.SentAt + (long)TriesKept.TotalMilliseconds ? kept.Tries : 0;
        return new CodeRecord(code, now, tries, 0);
    }

    /// <summary>The code could not be sent: another may be asked for at once, but wrong tries stay counted.</summary>
    public static CodeRecord? Withdraw(CodeRecord? current) => current is { } record ? record with { Code = "" } : null;

    /// <summary>Somebody tries a code. The record to keep is answered in any case; null means that it is done with.</summary>
    public static (Failure Failure, CodeRecord? Keep) Check(CodeRecord? current, string code, long now)
    {
        if (current is not { } record)
            return (BadCode, null);
        if (now < record.LockedUntil)
            return (LockedOut, record);
        if (record.Code.Length == 0 || now >= record.SentAt + (long)Lifetime.TotalMilliseconds)
            return (BadCode, record with { Code = "" });
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(record.Code), Encoding.UTF8.GetBytes(code)))
            return (default, null);

        return record.Tries + 1 < MaxTries
            ? (BadCode, record with { Tries = record.Tries + 1 })
            : (LockedOut, new CodeRecord("", record.SentAt, MaxTries, now + (long)Lockout.TotalMilliseconds));
    }
}
