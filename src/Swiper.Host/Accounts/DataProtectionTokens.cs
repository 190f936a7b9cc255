using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Accounts;

/// <summary>
/// Tokens sealed by ASP.NET Core Data Protection: authenticated encryption under keys that roll over by themselves. The sealed text is
/// uid, token id and end, each an i64; the end is inside because it is also what a revocation is kept until.
/// </summary>
internal sealed class DataProtectionTokens(IDataProtectionProvider protection, AccountOptions options, TimeProvider clock) : ITokens
{
    private const int PlainLength = 3 * sizeof(long);

    private readonly IDataProtector _protector = protection.CreateProtector("Swiper.Token.v1");

    public string Issue(long uid, out Identity identity)
    {
        var tokenId = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
        identity = new Identity(uid, tokenId, clock.NowMs() + (long)options.TokenLifetime.TotalMilliseconds);

        var plain = new byte[PlainLength];
        BinaryPrimitives.WriteInt64LittleEndian(plain, identity.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(8), identity.TokenId);
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(16), identity.Expires);
        return WebEncoders.Base64UrlEncode(_protector.Protect(plain));
    }

    public bool TryRead(string token, [NotNullWhen(true)] out Identity? identity)
    {
        identity = null;
        byte[] plain;
        try
        {
            var sealedText = WebEncoders.Base64UrlDecode(token);
            // The decoder passes over white space and padding and knows two alphabets. A token is what was issued, letter for letter.
            if (WebEncoders.Base64UrlEncode(sealedText) != token)
                return false;
            plain = _protector.Unprotect(sealedText);
        }
        catch (CryptographicException exception) when (exception.GetBaseException() is StoreUnavailableException unavailable)
        {
            // The token may be as good as any: only the keys can't be read now.
            throw new StoreUnavailableException("The token keys can't be read.", unavailable);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return false;
        }
        if (plain.Length != PlainLength)
            return false;

        var read = new Identity(
            BinaryPrimitives.ReadInt64LittleEndian(plain),
            BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(8)),
            BinaryPrimitives.ReadInt64LittleEndian(plain.AsSpan(16)));
        if (clock.NowMs() >= read.Expires)
            return false;
        identity = read;
        return true;
    }
}
