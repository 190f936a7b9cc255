using Swiper.Storage.Indexes;

namespace Swiper.Storage.Tests.Indexes;

/// <summary>Drops the slots of a set.</summary>
internal readonly struct Dropping(HashSet<int> slots) : ISlotFilter
{
    public bool Drops(int slot) => slots.Contains(slot);
}

internal readonly struct DroppingNobody : ISlotFilter
{
    public bool Drops(int slot) => false;
}
