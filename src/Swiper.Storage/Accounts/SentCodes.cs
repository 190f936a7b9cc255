using System.Text.Json;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Accounts;

/// <summary>The columns of a row of `codes`, which both engines have alike.</summary>
internal static class SentCodes
{
    /// <summary>What a row tells.</summary>
    /// <param name="code">A code that an older version sent; else empty.</param>
    /// <param name="changedAt">When the row last changed; of an older version's row, when that code was sent.</param>
    /// <param name="tries">Wrong tries without a nonce.</param>
    /// <param name="lockedUntil">Of those without a nonce.</param>
    /// <param name="sent">The codes of devices as <see cref="Write"/> wrote them; null in a row that only an older version wrote.</param>
    public static PhoneCodes Read(string code, long changedAt, int tries, long lockedUntil, string? sent)
    {
        SentCode[] codes = sent is null ? [] : JsonSerializer.Deserialize<SentCode[]>(sent) ?? [];
        if (code.Length > 0)
            codes = [.. codes, new SentCode(Nonce: null, code, From: "", changedAt)];
        // An older version kept the tries that had led to a lockout, which forgives them.
        return new PhoneCodes(codes, lockedUntil > 0 && sent is null ? 0 : tries, lockedUntil, changedAt);
    }

    /// <summary>The column `sent`.</summary>
    public static string Write(PhoneCodes codes) => JsonSerializer.Serialize(codes.Sent);
}
