using System.Text.Json;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Accounts;

/// <summary>The columns of a row of `codes`, the same on both engines.</summary>
internal static class SentCodes
{
    /// <summary>The codes that a row holds.</summary>
    /// <param name="code">A code sent by an older version; otherwise empty.</param>
    /// <param name="changedAt">When the row last changed; in an older version's row, when that code was sent.</param>
    /// <param name="tries">Wrong tries without a nonce.</param>
    /// <param name="lockedUntil">Lockout of tries without a nonce.</param>
    /// <param name="sent">The codes of devices as <see cref="Write"/> wrote them; null in a row that only an older version wrote.</param>
    public static PhoneCodes Read(string code, long changedAt, int tries, long lockedUntil, string? sent)
    {
        SentCode[] codes = sent is null ? [] : JsonSerializer.Deserialize<SentCode[]>(sent) ?? [];
        if (code.Length > 0)
            codes = [.. codes, new SentCode(Nonce: null, code, From: "", changedAt)];
        // A lockout forgives the tries that led to it, but an older version kept them.
        return new PhoneCodes(codes, lockedUntil > 0 && sent is null ? 0 : tries, lockedUntil, changedAt);
    }

    /// <summary>The column `sent`.</summary>
    public static string Write(PhoneCodes codes) => JsonSerializer.Serialize(codes.Sent);
}
