namespace Swiper.Bench;

/// <summary>What is not Swiper's own, or needs more than this process.</summary>
internal static class BenchmarkCategories
{
    /// <summary>Somebody else's code, to compare with: no figure of it can fail the gate.</summary>
    public const string Rival = nameof(Rival);

    /// <summary>Needs MySQL and Redis: run only where asked for.</summary>
    public const string Cluster = nameof(Cluster);
}
