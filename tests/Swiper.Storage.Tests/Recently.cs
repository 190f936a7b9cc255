namespace Swiper.Storage.Tests;

/// <summary>A moment for what a store keeps for some days only.</summary>
internal static class Recently
{
    /// <summary>In milliseconds since the Unix epoch; the same throughout a run.</summary>
    public static long At { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
