using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>Limits on code messages within a time window.</summary>
/// <param name="Within">The window, at most a day.</param>
/// <param name="ToAPhone">Messages to a phone, whatever address requests them.</param>
/// <param name="ForAnAddress">Messages to a phone that one address caused without a sign-in: no address can use up a phone's.</param>
public sealed record MessageLimit(TimeSpan Within, int ToAPhone, int ForAnAddress);

/// <summary>
/// The rules of login codes as pure functions. A repository reads the record, applies a rule and writes the result as one
/// atomic step, so that simultaneous guesses all count. It stores the result even if the rule refuses.
/// <para>
/// A code belongs to the device that requested it, which alone knows the nonce: other people's codes and guesses don't affect it.
/// Without a nonce any code of the phone may be used, but all such attempts share one small budget.
/// </para>
/// </summary>
/// <param name="ResendAfter">Minimum time between two codes, unless the first was used; also if its message failed.</param>
/// <param name="Limits">The limits on messages.</param>
public sealed record CodeRules(TimeSpan ResendAfter, IReadOnlyList<MessageLimit> Limits)
{
    public const int Digits = 6;
    public const int MaxTries = 5;

    /// <summary>Maximum length of a nonce, in characters.</summary>
    public const int MaxNonceLength = 64;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(180);

    /// <summary>How long logins without a nonce are blocked after <see cref="MaxTries"/> wrong attempts without one.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(10);

    /// <summary>How long codes and wrong attempts are stored.</summary>
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

    // As many as the daily limit counts; without limits, older ones no longer matter.
    private const int MaxKept = 10;
    private const int NonceBytes = 16;

    private static readonly Failure BadCode = new(StatusCode.BadCode, "wrong or expired code");
    private static readonly Failure DeviceLockedOut = new(StatusCode.LockedOut, "too many wrong codes; ask for a new one");
    private static readonly Failure PhoneLockedOut = new(StatusCode.LockedOut, "too many wrong codes; wait ten minutes");

    /// <summary>A new code, in digits, with a nonce for the device at that address.</summary>
    public static SentCode NewCode(string from, long now) => new(
        Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(NonceBytes)),
        RandomNumberGenerator.GetString("0123456789", Digits),
        from,
        now);

    /// <summary>Decides whether a new code may be sent.</summary>
    public (Failure Failure, PhoneCodes Keep) Issue(PhoneCodes current, SentCode fresh)
    {
        var now = fresh.SentAt;
        var codes = AsOf(current, now);
        // Retried by a store that does not know whether the first attempt was committed.
        if (codes.Sent.Any(sent => sent.Nonce == fresh.Nonce))
            return (default, codes);

        var unused = codes.Sent.Where(static sent => !sent.IsUsed);
        var untilResend = unused.Select(sent => sent.SentAt + Ms(ResendAfter) - now).DefaultIfEmpty().Max();
        var untilRoom = Limits.Select(limit => WaitFor(limit, codes.Sent, fresh)).DefaultIfEmpty().Max();
        if (Math.Max(untilResend, untilRoom) is var wait and > 0)
        {
            var message = untilRoom > 0
                ? "too many codes were sent to this phone"
                : "a code was requested for this phone less than a minute ago";
            return (new Failure(StatusCode.CodeTooOften, message, (int)wait), codes);
        }
        // One that has failed has nothing to wait for it any more, and must not displace what limits count.
        var kept = codes.Sent.Where(static sent => !sent.HasFailed).TakeLast(MaxKept - 1);
        return (default, codes with { Sent = [.. kept, fresh], ChangedAt = now });
    }

    /// <summary>Withdraws a code whose message was never begun: another may be requested at once, and no limit counts it.</summary>
    public static PhoneCodes Withdraw(PhoneCodes current, string? nonce) =>
        current with { Sent = [.. current.Sent.Where(sent => sent.Nonce != nonce)] };

    /// <summary>
    /// Withdraws a code whose message failed: no limit counts it, but another has to wait, because a gateway that says it failed may have
    /// sent it, and must not be asked again and again while it is down.
    /// </summary>
    public static PhoneCodes Fail(PhoneCodes current, string? nonce) =>
        current with { Sent = [.. current.Sent.Select(sent => sent.Nonce == nonce ? sent with { HasFailed = true } : sent)] };

    /// <summary>Checks an attempt at a code.</summary>
    /// <param name="current">The stored codes of the phone.</param>
    /// <param name="code">The hash of the code entered.</param>
    /// <param name="nonce">The nonce returned to the device that requested the code; null if not given.</param>
    /// <param name="now">The time of the attempt.</param>
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
        // A guess counts only if there is a code to guess; otherwise anyone could lock any phone.
        if (!anyGood)
            return (BadCode, codes);
        return codes.Tries + 1 < MaxTries
            ? (BadCode, codes with { Tries = codes.Tries + 1, ChangedAt = now })
            : (PhoneLockedOut, codes with { Tries = 0, LockedUntil = now + Ms(Lockout), ChangedAt = now });
    }

    private static bool IsGood(SentCode sent, long now) =>
        !sent.IsUsed && !sent.HasFailed && sent.Tries < MaxTries && now < sent.SentAt + Ms(Lifetime);

    // Milliseconds until the limit allows one more.
    private static long WaitFor(MessageLimit limit, IEnumerable<SentCode> sent, SentCode fresh)
    {
        var recent = sent.Where(one => !one.HasFailed && fresh.SentAt < one.SentAt + Ms(limit.Within))
            .OrderBy(static one => one.SentAt).ToArray();
        var ofAddress = recent.Where(one => !one.IsUsed && one.From == fresh.From).ToArray();
        return Math.Max(WaitFor(recent, limit.ToAPhone), WaitFor(ofAddress, limit.ForAnAddress));

        long WaitFor(SentCode[] counted, int most) => counted.Length < most ? 0 : counted[^most].SentAt + Ms(limit.Within) - fresh.SentAt;
    }

    // Drops what has expired. Times in the future were written by a clock that has since been corrected: they are lowered to the latest
    // possible value, so that nobody has to wait for as long as the clock was ahead.
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
