namespace Swiper.Storage.Tests.Sharding;

/// <summary>How far counts are from even.</summary>
internal static class Spread
{
    /// <summary>Chi-square against even counts, as standard deviations above what chance gives; chance itself stays under 5.</summary>
    public static double ChiSquareZ(double[] counts)
    {
        var expected = counts.Sum() / counts.Length;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        var freedom = counts.Length - 1;
        return (chiSquare - freedom) / Math.Sqrt(2.0 * freedom);
    }
}
