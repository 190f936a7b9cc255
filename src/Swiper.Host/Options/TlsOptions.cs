namespace Swiper.Host.Options;

/// <summary>The TLS port. Production requires a certificate; Development creates one on first run.</summary>
public sealed record TlsOptions
{
    /// <summary>If false, nothing listens on <see cref="Port"/>; for a host behind a TLS proxy.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The TLS port; 0 picks a free one.</summary>
    public int Port { get; init; } = 7443;

    /// <summary>A PEM file with the certificate, followed by the intermediate ones, all of which clients get.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>A PEM file with the private key.</summary>
    public string? KeyPath { get; init; }

    /// <summary>A client that has not finished its handshake by then is cut off.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the two files are read again; what renews certificates tells nobody.</summary>
    public TimeSpan ReloadEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <param name="isDevelopment">Whether a certificate is made where there is none.</param>
    /// <param name="plainPort">The port of plain TCP, if there is one.</param>
    internal IEnumerable<string> Problems(bool isDevelopment, int? plainPort)
    {
        if (!Enabled)
            yield break;
        if (Port is < 0 or > 65535)
            yield return $"Tls:Port: {Port} is not between 0 and 65535";
        if (Port != 0 && Port == plainPort)
            yield return $"Tls:Port: {Port} is also Listen:Port";
        if (HandshakeTimeout <= TimeSpan.Zero)
            yield return "Tls:HandshakeTimeout: must be positive";
        if (ReloadEvery <= TimeSpan.Zero)
            yield return "Tls:ReloadEvery: must be positive";
        if ((CertificatePath is null) != (KeyPath is null))
            yield return "Tls:CertificatePath and Tls:KeyPath must be set together";
        if (CertificatePath is null && !isDevelopment)
        {
            yield return "Tls:CertificatePath: required in Production, unless a proxy terminates TLS, and then Tls:Enabled=false and "
                + "Listen:Plain=true";
        }
        if (CertificatePath is not null && !File.Exists(CertificatePath))
            yield return $"Tls:CertificatePath: there is no file '{CertificatePath}'";
        if (KeyPath is not null && !File.Exists(KeyPath))
            yield return $"Tls:KeyPath: there is no file '{KeyPath}'";
    }
}
