namespace Swiper.Compare.Processes;

/// <summary>The settings of a <see cref="SwiperHost"/>.</summary>
/// <param name="Program">Swiper.Host.dll.</param>
/// <param name="Robots">Users to create first; 0 leaves the store empty.</param>
internal sealed record SwiperHostPlan(string Program, int Robots)
{
    /// <summary>Additional options, as KEY=VALUE.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>The MySQL shards and Redis it uses; null for the embedded engine.</summary>
    public ClusterServers? Cluster { get; init; }

    /// <summary>Adds a TLS port to the host.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>Where its data folder is created; null for the repository's disk.</summary>
    public string? DataParent { get; init; }
}
