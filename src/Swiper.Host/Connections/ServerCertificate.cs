using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// The certificate of the TLS port, with the intermediate ones of its file: the configured one, or in Development a self-signed one that
/// is created once and kept in the data folder. The files are read again and again, and handshakes after a change get what they then
/// hold. Their contents are compared: what renews certificates replaces links as well as files.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    /// <summary>The ALPN protocol of the TLS port.</summary>
    public static readonly SslApplicationProtocol Alpn = new("swiper/1");

    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _look = new();
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private volatile SslServerAuthenticationOptions _current;
    private (string Certificate, string Key) _used;
    private (string Certificate, string Key) _unusable;
    private bool _isUnusableTold;

    /// <exception cref="CryptographicException">The files hold no certificate and its key.</exception>
    public ServerCertificate(
        SwiperOptions options, IHostEnvironment environment, TimeProvider clock, ILogger<ServerCertificate> logger)
    {
        _logger = logger;
        (_certificateFile, _keyFile) = options.Tls is { CertificatePath: { } certificate, KeyPath: { } key } ? (certificate, key)
            : environment.IsDevelopment() ? OfDevelopment(options.Storage.Data)
            : throw new InvalidOperationException("options were not validated: Production requires a certificate");
        _used = ReadFiles();
        _current = Create(_used.Certificate, _used.Key);
        _timer = clock.CreateTimer(static certificate => ((ServerCertificate)certificate!).Look(), this, options.Tls.ReloadEvery,
            options.Tls.ReloadEvery);
    }

    /// <summary>What the next handshake offers.</summary>
    public SslServerAuthenticationOptions Current => _current;

    public void Dispose() => _timer.Dispose();

    private (string Certificate, string Key) ReadFiles() => (File.ReadAllText(_certificateFile), File.ReadAllText(_keyFile));

    private void Look()
    {
        // A timer that is due does not wait for its last call.
        if (!_look.TryEnter())
            return;
        (string, string) found = default;
        try
        {
            found = ReadFiles();
            if (found == _used)
                return;
            _current = Create(found.Item1, found.Item2);
            (_used, _unusable) = (found, default);
            var certificate = _current.ServerCertificateContext!.TargetCertificate;
            ConnectionLog.CertificateChanged(_logger, certificate.Subject, certificate.NotAfter);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException
            or UnauthorizedAccessException)
        {
            // The first look may have come between the writing of the two files, or in the middle of one.
            var isNew = found != _unusable;
            if (!isNew && !_isUnusableTold)
                ConnectionLog.CertificateUnusable(_logger, _certificateFile, exception);
            _isUnusableTold = !isNew;
            _unusable = found;
        }
        finally
        {
            _look.Exit();
        }
    }

    private static SslServerAuthenticationOptions Create(string certificatePem, string keyPem)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        return new SslServerAuthenticationOptions
        {
            // Offline: a handshake waits for nobody.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            ApplicationProtocols = [Alpn],
        };
    }

    private static (string CertificateFile, string KeyFile) OfDevelopment(string data)
    {
        var folder = PrivateFolder.Create(data, "tls");
        var (certificateFile, keyFile) = (Path.Combine(folder, "development.crt"), Path.Combine(folder, "development.key"));
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
            SelfSign(certificateFile, keyFile);
        return (certificateFile, keyFile);
    }

    private static void SelfSign(string certificateFile, string keyFile)
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
        using (var writer = new StreamWriter(keyFile, file))
            writer.Write(key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
    }
}
