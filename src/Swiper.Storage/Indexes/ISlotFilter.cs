namespace Swiper.Storage.Indexes;

/// <summary>
/// Excludes users from a read, such as those already swiped (<see cref="SwipedSet"/>); implemented by structs, so that calls don't
/// allocate.
/// </summary>
internal interface ISlotFilter
{
    bool Drops(int slot);
}
