using System.Text.Json;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Accounts;

/// <summary>The login codes of a phone as a row of `codes`.</summary>
internal sealed record CodesRow
{
    /// <summary>A code sent by an older version; otherwise empty.</summary>
    public string Code { get; init; } = "";

    /// <summary>When the row last changed; in an older version's row, when that code was sent. 0: it exists only to be locked.</summary>
    public long SentAt { get; init; }

    /// <summary>Wrong tries without a nonce.</summary>
    public int Tries { get; init; }

    /// <summary>Lockout of tries without a nonce.</summary>
    public long LockedUntil { get; init; }

    /// <summary>The codes of devices as <see cref="Write"/> wrote them; null in a row that only an older version wrote.</summary>
    public string? Sent { get; init; }

    /// <summary>Of `phones`: whose number it is; null if it is nobody's.</summary>
    public long? Owner { get; init; }

    public PhoneCodes ToCodes()
    {
        SentCode[] codes = Sent is null ? [] : JsonSerializer.Deserialize<SentCode[]>(Sent) ?? [];
        if (Code.Length > 0)
            codes = [.. codes, new SentCode(Nonce: null, Code, From: "", SentAt)];
        // A lockout forgives the tries that led to it, but an older version kept them.
        return new PhoneCodes(codes, LockedUntil > 0 && Sent is null ? 0 : Tries, LockedUntil, SentAt);
    }

    /// <summary>The column `sent`.</summary>
    public static string Write(PhoneCodes codes) => JsonSerializer.Serialize(codes.Sent);
}
