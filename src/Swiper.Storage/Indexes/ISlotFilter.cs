namespace Swiper.Storage.Indexes;

/// <summary>
/// Says which users a reader doesn't want to see, such as those it has swiped (<see cref="SwipedSet"/>); a struct, so that asking
/// allocates nothing.
/// </summary>
internal interface ISlotFilter
{
    bool Drops(int slot);
}
