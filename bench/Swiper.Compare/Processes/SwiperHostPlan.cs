namespace Swiper.Compare.Processes;

/// <summary>What a <see cref="SwiperHost"/> is started with.</summary>
/// <param name="Program">Swiper.Host.dll.</param>
/// <param name="Robots">Users to make first; 0 leaves the store empty.</param>
internal sealed record SwiperHostPlan(string Program, int Robots)
{
    /// <summary>Options beyond those of a measurement, as KEY=VALUE.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What it keeps its truth and index in; null for the embedded engine.</summary>
    public ClusterServers? Cluster { get; init; }

    /// <summary>With it the host has a TLS port, too.</summary>
    public TlsCertificate? Certificate { get; init; }

    /// <summary>Where the folder of its data is made; null for the disk of the repository.</summary>
    public string? DataParent { get; init; }
}
