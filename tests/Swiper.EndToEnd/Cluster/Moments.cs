using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Cluster;

/// <summary>When something befalls whom: at random, and the same again where SWIPER_SEED says so.</summary>
internal sealed class Moments
{
    private readonly Random _random;

    public Moments()
    {
        Seed = Budget.Of("SWIPER_SEED", Random.Shared.Next(1, int.MaxValue));
        TestContext.Current.TestOutputHelper!.WriteLine($"SWIPER_SEED={Seed}");
        _random = new Random(Seed);
    }

    public int Seed { get; }

    public int Next(int from, int to) => _random.Next(from, to);
}
