namespace Swiper.Compare.Ancestor;

/// <summary>A kind of operation, and the ancestor's rate for it on its own machine.</summary>
internal sealed record AncestorRate(string Kind, double PerSecond)
{
    public static readonly AncestorRate Echo = new("echo", 39_000);
    public static readonly AncestorRate Cached = new("cached", 10_000);
    public static readonly AncestorRate Database = new("database", 800);
}
