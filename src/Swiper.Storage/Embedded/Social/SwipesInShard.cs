using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Social;

/// <summary>
/// The swipes of somebody who has made very many, where they are. Each look takes the shard's lock, so the lane waits for one at most.
/// </summary>
internal sealed class SwipesInShard(EmbeddedShard shard, int swiper) : IManySwipes
{
    public int Count
    {
        get
        {
            lock (shard.Gate)
                return shard.Swiped.Count(swiper);
        }
    }

    public int LookAhead => 0;

    public uint? Draw => null;

    public bool Drops(int slot)
    {
        lock (shard.Gate)
            return shard.Swiped.Of(swiper).Drops(slot);
    }

    public bool Knows(int slot, bool isNeeded) => true;

    public int CopySome(Span<int> slots)
    {
        lock (shard.Gate)
            return shard.Swiped.Of(swiper).CopySome(slots);
    }
}
