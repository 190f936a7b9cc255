using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>The certificate of the TLS port.</summary>
internal static class ServerCertificate
{
    /// <summary>
    /// The configured one; in Development without one, a self-signed certificate that is created once and kept in the data folder.
    /// </summary>
    public static X509Certificate2 Load(SwiperOptions options, bool isDevelopment)
    {
        if (options.Tls is { CertificatePath: { } certificate, KeyPath: { } key })
            return X509Certificate2.CreateFromPemFile(certificate, key);
        if (!isDevelopment)
            throw new InvalidOperationException("options were not validated: Production requires a certificate");

        var folder = PrivateFolder.Create(options.Storage.Data, "tls");
        var (certificatePath, keyPath) = (Path.Combine(folder, "development.crt"), Path.Combine(folder, "development.key"));
        if (!File.Exists(certificatePath) || !File.Exists(keyPath))
            SelfSign(certificatePath, keyPath);
        return X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
    }

    private static void SelfSign(string certificatePath, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Swiper development", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));

        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var writer = new StreamWriter(keyPath, file))
            writer.Write(key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
    }
}
