using Swiper.Core.Dispatch;

namespace Swiper.Bench.Hosting;

/// <summary>Refuses every cursor: lists are asked for their first page.</summary>
internal sealed class FirstPages : IPageCursors
{
    public string Issue(PagedList list, PageCursor place) => "next";

    public bool TryRead(PagedList list, string? cursor, out PageCursor? place)
    {
        place = null;
        return cursor is null;
    }
}
