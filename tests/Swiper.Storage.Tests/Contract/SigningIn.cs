using System.Buffers.Binary;
using System.Security.Cryptography;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Tests.Contract;

/// <param name="Uid">The signed-in user.</param>
/// <param name="Created">True if this login created the user.</param>
internal readonly record struct SignIn(long Uid, bool Created);

/// <summary>Logins as their handler makes them, without a connection.</summary>
internal static class SigningIn
{
    /// <summary>How long a token is good for.</summary>
    public static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(30);

    /// <summary>A new device of a user.</summary>
    public static Identity NewDevice(long uid, long now) => new(
        uid, BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long))),
        now + (long)TokenLifetime.TotalMilliseconds);

    public static async ValueTask<Outcome<SignIn>> LogInAsync(
        this IAccountRepository accounts, string phone, string code, string? nonce, long now)
    {
        var owner = await accounts.UseCodeAsync(phone, code, nonce, now);
        if (!owner.IsOk)
            return owner.Failure;
        return new SignIn(owner.Value, await accounts.SignInAsync(NewDevice(owner.Value, now), phone, "test", now));
    }
}
