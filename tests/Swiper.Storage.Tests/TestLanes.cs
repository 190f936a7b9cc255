using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests;

/// <summary>What lanes that tests open themselves run on.</summary>
internal static class TestLanes
{
    public static LaneThreads Threads { get; } = new();
}
