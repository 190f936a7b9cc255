using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Swiper.Tests.Shared;

/// <summary>A root, an intermediate and what it signs, as an authority has them.</summary>
internal sealed class Certificates : IDisposable
{
    // Of all of them the same: none may be valid for longer than what has signed it.
    private readonly DateTimeOffset _begin = DateTimeOffset.UtcNow.AddDays(-1);
    private readonly DateTimeOffset _end = DateTimeOffset.UtcNow.AddDays(30);

    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _intermediate;

    public Certificates()
    {
        Root = Authority("CN=Test root", _rootKey).CreateSelfSigned(_begin, _end);
        using var unkeyed = Authority("CN=Test intermediate", _intermediateKey).Create(Root, _begin, _end, Serial());
        _intermediate = unkeyed.CopyWithPrivateKey(_intermediateKey);
    }

    /// <summary>What clients trust.</summary>
    public X509Certificate2 Root { get; }

    /// <summary>Writes what a server has: a new certificate of this machine with the intermediate one behind it, and its key.</summary>
    public void WriteLeaf(string subject, string fullChainFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        using var leaf = request.Create(_intermediate, _begin.AddHours(1), _end.AddHours(-1), Serial());
        File.WriteAllText(fullChainFile, $"{leaf.ExportCertificatePem()}\n{_intermediate.ExportCertificatePem()}\n");
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        Root.Dispose();
        _intermediate.Dispose();
        _rootKey.Dispose();
        _intermediateKey.Dispose();
    }

    private static CertificateRequest Authority(string subject, ECDsa key)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private static byte[] Serial() => RandomNumberGenerator.GetBytes(12);
}
