using System.Globalization;
using Swiper.Core.Protocol;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Accounts;

/// <summary>Login codes as the first version of the schema has them, and what must become of them.</summary>
internal static class OlderCodes
{
    private const string Code = "123456";
    private const string Wrong = "654321";
    private const string Fresh = "+999000000001";
    private const string Tried = "+999000000002";
    private const string Locked = "+999000000003";
    private const string LockedBefore = "+999000000004";

    /// <summary>Rows that were written just now.</summary>
    public static string Insert(long now) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        INSERT INTO codes (phone, code, sent_at, tries, locked_until) VALUES
            ('{Fresh}', '{Code}', {now}, 0, 0),
            ('{Tried}', '{Code}', {now}, 4, 0),
            ('{Locked}', '', {now}, 5, {now + 600_000}),
            ('{LockedBefore}', '{Code}', {now}, 5, 1)
        """);

    public static async Task AssertHoldAsync(IStorageEngine engine, long now)
    {
        var accounts = engine.Accounts;
        Assert.Equal(StatusCode.BadCode, (await accounts.LogInAsync(Fresh, Wrong, null, now)).Failure.Code);
        Assert.Equal(StatusCode.BadCode, (await accounts.LogInAsync(Fresh, Code, "", now)).Failure.Code);
        Assert.True((await accounts.LogInAsync(Fresh, Code, null, now)).IsOk);
        Assert.Equal(StatusCode.BadCode, (await accounts.LogInAsync(Fresh, Code, null, now)).Failure.Code);

        Assert.Equal(StatusCode.LockedOut, (await accounts.LogInAsync(Tried, Wrong, null, now)).Failure.Code);
        Assert.Equal(StatusCode.LockedOut, (await accounts.LogInAsync(Locked, Code, null, now)).Failure.Code);
        Assert.Equal(StatusCode.BadCode, (await accounts.LogInAsync(LockedBefore, Wrong, null, now)).Failure.Code);
        Assert.True((await accounts.LogInAsync(LockedBefore, Code, null, now)).IsOk);
    }
}
