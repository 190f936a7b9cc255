using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Accounts;

/// <summary>
/// Tokens: sealed uid, token id and end, each an i64. The end is inside because it is also what a revocation is kept until.
/// </summary>
internal sealed class DataProtectionTokens(IDataProtectionProvider protection, AccountOptions options, TimeProvider clock) : ITokens
{
    private const int PlainLength = 3 * sizeof(long);

    private readonly SealedText _seal = new(protection, "Swiper.Token.v1");

    public string Issue(long uid, out Identity identity)
    {
        var tokenId = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));
        identity = new Identity(uid, tokenId, clock.NowMs() + (long)options.TokenLifetime.TotalMilliseconds);

        var plain = new byte[PlainLength];
        BinaryPrimitives.WriteInt64LittleEndian(plain, identity.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(8), identity.TokenId);
        BinaryPrimitives.WriteInt64LittleEndian(plain.AsSpan(16), identity.Expires);
        return _seal.Seal(plain);
    }

    public bool TryRead(string token, [NotNullWhen(true)] out Identity? identity)
    {
        identity = null;
        if (_seal.TryOpen(token) is not { Length: PlainLength } plain)
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
