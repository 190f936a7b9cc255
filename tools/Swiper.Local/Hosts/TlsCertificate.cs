using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Swiper.Local.Hosts;

/// <summary>
/// A self-signed certificate for servers on this machine, as files that Dispose deletes.
/// </summary>
internal sealed class TlsCertificate : IDisposable
{
    public const string Subject = "CN=Swiper on this machine";

    private readonly ScratchFolder _folder = new("certificate");

    public TlsCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest(Subject, key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        File.WriteAllText(Path, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public string Path => _folder.File("certificate.pem");

    public string KeyPath => _folder.File("key.pem");

    public void Dispose() => _folder.Dispose();
}
