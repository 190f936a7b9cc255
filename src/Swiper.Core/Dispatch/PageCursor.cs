using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// A place in a list of people that is ordered by time, newest first, and of the same instant by uid, the greater first: right behind an
/// entry. It names that entry rather than counts those before it, so that entries that come or go in between do not shift later pages.
/// </summary>
/// <param name="At">The time of the entry.</param>
/// <param name="Uid">The person.</param>
public readonly record struct PageCursor(long At, long Uid)
{
    /// <summary>Before everybody.</summary>
    public static readonly PageCursor Start = new(long.MaxValue, long.MaxValue);
}

/// <summary>Cursors as clients keep them, without knowing what they mean.</summary>
public interface IPageCursors
{
    /// <summary>The longest cursor, in bytes.</summary>
    const int MaxLength = 256;

    /// <summary>How long a cursor is good for.</summary>
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    static readonly Failure NotOfThisList = new(
        StatusCode.BadParams, "cursor: expected next_cursor of the previous page of this list, not older than a day");

    /// <summary>A cursor that leads only whoever owns the list to that place of it, on any host.</summary>
    string Issue(PagedList list, PageCursor place);

    /// <summary>
    /// The place that a cursor names; null, the first page, where there is none. False if the cursor was not issued for this list, by this
    /// server or another host of its cluster, or is too old.
    /// </summary>
    bool TryRead(PagedList list, string? cursor, out PageCursor? place);
}

/// <summary>A list that is read in pages.</summary>
/// <param name="Kind">What is in it.</param>
/// <param name="Owner">Who reads it.</param>
/// <param name="Subject">The other user whom it concerns; 0 where there is none.</param>
public readonly record struct PagedList(PagedListKind Kind, long Owner, long Subject = 0);

/// <summary>What is in a list that is read in pages. The numbers are in cursors: they never change.</summary>
public enum PagedListKind : byte
{
    Friends = 1,
    CommonFriends = 2,
    Blocked = 3,
    LikedMe = 4,
}
