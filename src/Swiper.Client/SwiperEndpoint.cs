namespace Swiper.Client;

/// <summary>Where a server listens.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port; if null, 7443 with TLS and 7400 without.</param>
public sealed record SwiperEndpoint(string Host, int? Port = null)
{
    /// <summary>The form used in messages.</summary>
    public override string ToString() => Port is { } port ? $"{Host}:{port}" : Host;
}
