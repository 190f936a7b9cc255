using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swiper.Host.Options;
using Swiper.Storage.Checking;

namespace Swiper.Host.Checking;

/// <summary>Whether the TLS port's certificate can be used, for whom, and for how long.</summary>
internal static class CertificateCheck
{
    private const int SoonDays = 14;

    public static IEnumerable<Finding> Run(TlsOptions tls, DateTimeOffset now)
    {
        if (!tls.Enabled)
        {
            yield return Finding.Ok("certificate", "none: TLS is off, so only a proxy on this machine may reach the port");
            yield break;
        }

        if (tls is not { CertificatePath: { } file, KeyPath: { } key })
        {
            yield return Finding.Ok("certificate", "Development makes its own");
            yield break;
        }

        X509Certificate2 certificate;
        Finding? unusable = null;
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(file, key);
        }
        // ArgumentException: a key of another certificate.
        catch (Exception exception) when (
            exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            unusable = Finding.Problem("certificate", $"{file} can't be used with {key}: {exception.Message.ReplaceLineEndings(" ")}");
            certificate = null!;
        }

        if (unusable is not null)
        {
            yield return unusable;
            yield break;
        }

        using (certificate)
        {
            var left = certificate.NotAfter.ToUniversalTime() - now.UtcDateTime;
            var ends = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            yield return left <= TimeSpan.Zero ? Finding.Problem("certificate", $"it has ended on {ends}: renew it")
                : Finding.Of("certificate", left.TotalDays > SoonDays, $"good until {ends}", "renew it", Verdict.Warning);
            var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(static extension => extension.EnumerateDnsNames()
                    .Concat(extension.EnumerateIPAddresses().Select(static address => address.ToString()))).ToArray();
            yield return Finding.Of(
                "certificate", names.Length > 0,
                names.Length > 0 ? $"for {string.Join(", ", names)}" : $"{certificate.Subject} without names",
                "clients look at subject alternative names only");
        }
    }
}
