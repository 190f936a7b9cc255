using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Swiper.Core.Dispatch;

namespace Swiper.Host.Accounts;

/// <summary>
/// Bytes as text that only this server, or another host of its cluster, can make and read: sealed by ASP.NET Core Data Protection,
/// authenticated encryption under keys that roll over by themselves.
/// </summary>
/// <param name="protection">The keys.</param>
/// <param name="purpose">What is sealed for one purpose can't be opened for another.</param>
internal sealed class SealedText(IDataProtectionProvider protection, string purpose)
{
    private readonly IDataProtector _protector = protection.CreateProtector(purpose);

    /// <exception cref="StoreUnavailableException">The keys can't be read now.</exception>
    public string Seal(byte[] plain)
    {
        try
        {
            return WebEncoders.Base64UrlEncode(_protector.Protect(plain));
        }
        catch (CryptographicException exception) when (exception.GetBaseException() is StoreUnavailableException unavailable)
        {
            throw new StoreUnavailableException("The token keys can't be read.", unavailable);
        }
    }

    /// <summary>The bytes; null if this is no text that was sealed for the purpose, letter for letter.</summary>
    /// <exception cref="StoreUnavailableException">The text may be as good as any: only the keys can't be read now.</exception>
    public byte[]? TryOpen(string text)
    {
        try
        {
            var sealedBytes = WebEncoders.Base64UrlDecode(text);
            // The decoder passes over white space and padding and knows two alphabets.
            return WebEncoders.Base64UrlEncode(sealedBytes) == text ? _protector.Unprotect(sealedBytes) : null;
        }
        catch (CryptographicException exception) when (exception.GetBaseException() is StoreUnavailableException unavailable)
        {
            throw new StoreUnavailableException("The token keys can't be read.", unavailable);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }
}
