using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>How many messages with codes there may be within a time.</summary>
/// <param name="Within">The time, at most a day.</param>
/// <param name="ToAPhone">Whoever asks for them.</param>
/// <param name="ForAnAddress">Those to a phone that one address asked for and nobody signed in with: no address uses up a phone's.</param>
public sealed record MessageLimit(TimeSpan Within, int ToAPhone, int ForAnAddress);

/// <summary>
/// The rules of login codes as pure functions. A repository runs them where it can read and write the record as one atomic step, so
/// that guesses made at the same instant all count, and keeps what they answer, also where they refuse.
/// <para>
/// A code belongs to the device that asked for it, which alone knows its nonce: other people's codes and guesses do nothing to it. Who has
/// no nonce may use any code of the phone, but all of them together have one small budget of tries.
/// </para>
/// </summary>
/// <param name="ResendAfter">No second code before that, unless the first was used.</param>
/// <param name="Limits">Of messages.</param>
public sealed record CodeRules(TimeSpan ResendAfter, IReadOnlyList<MessageLimit> Limits)
{
    public const int Digits = 6;
    public const int MaxTries = 5;

    /// <summary>Characters of a nonce at most.</summary>
    public const int MaxNonceLength = 64;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(180);

    /// <summary>After <see cref="MaxTries"/> wrong tries without a nonce nobody logs in without one for so long.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(10);

    /// <summary>How long codes and wrong tries are remembered.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>The rules of the product.</summary>
    public static readonly CodeRules Standard = new(
        TimeSpan.FromSeconds(60),
        [
            new MessageLimit(TimeSpan.FromHours(1), ToAPhone: 5, ForAnAddress: 4),
            new MessageLimit(TimeSpan.FromDays(1), ToAPhone: 10, ForAnAddress: 8),
        ]);

    /// <summary>For load tests: the same, but any number of codes at any time.</summary>
    public static readonly CodeRules Lifted = new(TimeSpan.Zero, []);

    // As many as a day's limit counts; where there is none, older ones are worth nothing any more.
    private const int MaxKept = 10;
    private const int NonceBytes = 16;

    private static readonly Failure BadCode = new(StatusCode.BadCode, "wrong or expired code");
    private static readonly Failure DeviceLockedOut = new(StatusCode.LockedOut, "too many wrong codes; ask for a new one");
    private static readonly Failure PhoneLockedOut = new(StatusCode.LockedOut, "too many wrong codes; wait ten minutes");

    /// <summary>A fresh code with a nonce for the device at that address.</summary>
    public static SentCode NewCode(string from, long now) => new(
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes)),
        RandomNumberGenerator.GetString("0123456789", Digits),
        from,
        now);

    /// <summary>A new code is to be sent.</summary>
    public (Failure Failure, PhoneCodes Keep) Issue(PhoneCodes current, SentCode fresh)
    {
        var now = fresh.SentAt;
        var codes = AsOf(current, now);
        // Asked again by a store that did not hear whether the first time was committed.
        if (codes.Sent.Any(sent => sent.Nonce == fresh.Nonce))
            return (default, codes);

        var unused = codes.Sent.Where(static sent => !sent.IsUsed);
        var untilResend = unused.Select(sent => sent.SentAt + Ms(ResendAfter) - now).DefaultIfEmpty().Max();
        var untilRoom = Limits.Select(limit => WaitFor(limit, codes.Sent, fresh)).DefaultIfEmpty().Max();
        if (Math.Max(untilResend, untilRoom) is var wait and > 0)
        {
            var message = untilRoom > 0
                ? "too many codes were sent to this phone"
                : "a code was sent to this phone less than a minute ago";
            return (new Failure(StatusCode.CodeTooOften, message, (int)wait), codes);
        }
        return (default, codes with { Sent = [.. codes.Sent.TakeLast(MaxKept - 1), fresh], ChangedAt = now });
    }

    /// <summary>The code could not be sent: another may be asked for at once, and no limit counts it.</summary>
    public static PhoneCodes Withdraw(PhoneCodes current, string? nonce) =>
        current with { Sent = [.. current.Sent.Where(sent => sent.Nonce != nonce)] };

    /// <summary>Somebody tries a code.</summary>
    /// <param name="current">What is kept of the phone.</param>
    /// <param name="code">What was typed in.</param>
    /// <param name="nonce">What the device was told when it asked for the code; null where it does not say.</param>
    /// <param name="now">When.</param>
    public static (Failure Failure, PhoneCodes Keep) Check(PhoneCodes current, string code, string? nonce, long now)
    {
        var codes = AsOf(current, now);
        return nonce is null ? CheckAny(codes, code, now) : CheckOwn(codes, code, nonce, now);
    }

    private static (Failure Failure, PhoneCodes Keep) CheckOwn(PhoneCodes codes, string code, string nonce, long now)
    {
        for (var index = 0; index < codes.Sent.Count; index++)
        {
            var sent = codes.Sent[index];
            if (sent.Nonce is null || !Same(sent.Nonce, nonce))
                continue;
            if (sent.Tries >= MaxTries)
                return (DeviceLockedOut, codes);
            if (!IsGood(sent, now))
                return (BadCode, codes);
            if (Same(sent.Code, code))
                return (default, codes.With(index, sent with { IsUsed = true }));
            var tried = sent with { Tries = sent.Tries + 1 };
            return (tried.Tries < MaxTries ? BadCode : DeviceLockedOut, codes.With(index, tried));
        }
        return (BadCode, codes);
    }

    private static (Failure Failure, PhoneCodes Keep) CheckAny(PhoneCodes codes, string code, long now)
    {
        if (now < codes.LockedUntil)
            return (PhoneLockedOut, codes);
        var anyGood = false;
        for (var index = 0; index < codes.Sent.Count; index++)
        {
            var sent = codes.Sent[index];
            if (!IsGood(sent, now))
                continue;
            if (Same(sent.Code, code))
                return (default, codes.With(index, sent with { IsUsed = true }) with { Tries = 0 });
            anyGood = true;
        }
        // Where there is nothing to be guessed no guess counts, or anybody could lock any phone.
        if (!anyGood)
            return (BadCode, codes);
        return codes.Tries + 1 < MaxTries
            ? (BadCode, codes with { Tries = codes.Tries + 1, ChangedAt = now })
            : (PhoneLockedOut, codes with { Tries = 0, LockedUntil = now + Ms(Lockout), ChangedAt = now });
    }

    private static bool IsGood(SentCode sent, long now) => !sent.IsUsed && sent.Tries < MaxTries && now < sent.SentAt + Ms(Lifetime);

    // Milliseconds until the limit allows one more.
    private static long WaitFor(MessageLimit limit, IEnumerable<SentCode> sent, SentCode fresh)
    {
        var recent = sent.Where(one => fresh.SentAt < one.SentAt + Ms(limit.Within)).OrderBy(static one => one.SentAt).ToArray();
        var ofAddress = recent.Where(one => !one.IsUsed && one.From == fresh.From).ToArray();
        return Math.Max(WaitFor(recent, limit.ToAPhone), WaitFor(ofAddress, limit.ForAnAddress));

        long WaitFor(SentCode[] counted, int most) => counted.Length < most ? 0 : counted[^most].SentAt + Ms(limit.Within) - fresh.SentAt;
    }

    // What is over is left out. Instants ahead of now were written by a clock that was put right since: they are taken for the latest that
    // a right clock can have written, so that nobody waits for as long as the clock had jumped.
    private static PhoneCodes AsOf(PhoneCodes codes, long now)
    {
        if (now >= codes.ChangedAt + Ms(KeptFor))
            return PhoneCodes.None;
        var latestLock = now + Ms(Lockout);
        if (codes.ChangedAt > now || codes.LockedUntil > latestLock)
            codes = codes with { ChangedAt = Math.Min(codes.ChangedAt, now), LockedUntil = Math.Min(codes.LockedUntil, latestLock) };
        if (codes.Sent.Any(sent => sent.SentAt > now || now >= sent.SentAt + Ms(KeptFor)))
        {
            codes = codes with
            {
                Sent = [.. codes.Sent
                    .Where(sent => now < sent.SentAt + Ms(KeptFor))
                    .Select(sent => sent.SentAt <= now ? sent : sent with { SentAt = now })],
            };
        }
        return codes;
    }

    private static bool Same(string one, string other) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));

    private static long Ms(TimeSpan time) => (long)time.TotalMilliseconds;
}
