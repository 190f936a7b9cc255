using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;

namespace Swiper.Core.Friends;

/// <summary>Shows pages of friends as their profiles are now.</summary>
internal sealed class FriendPages(IBlockRepository blocks, IAccountRepository accounts, IPageCursors cursors)
{
    public async ValueTask<FriendsReply> ShowAsync(PagedList list, PageOf<Friend> page)
    {
        while (page.TryNext(out var friend))
        {
            if (blocks.AreBlocked(list.Owner, friend.Uid) || await accounts.FindAsync(friend.Uid) is not { Profile: var profile })
                continue;
            var shown = new Friend(friend.Uid, profile.Nickname, profile.Avatars.Count > 0 ? profile.Avatars[0] : null, friend.At);
            if (!page.TryAdd(shown, shown.MaxBytes))
                break;
        }

        return new FriendsReply(page.Shown, cursors.IssueNext(list, page.Next));
    }
}

/// <summary>A page that is being filled with those of the found who can be shown, for as long as they fit a frame.</summary>
/// <param name="found">People in their order, one more than <paramref name="limit"/> if there are more.</param>
/// <param name="limit">People at most.</param>
/// <param name="leftOff">Where to go on behind the found, if there may be more though fewer were found.</param>
internal sealed class PageOf<T>(IReadOnlyList<Since> found, int limit, PageCursor? leftOff = null)
{
    // A reply must fit the largest frame that a client need take.
    private const int MostBytes = 60 * 1024;

    private readonly List<T> _shown = new(Math.Min(found.Count, limit));
    private int _next;
    private int _bytes;
    private bool _isFull;

    public IReadOnlyList<T> Shown => _shown;

    /// <summary>Where the next page begins; null on the last.</summary>
    public PageCursor? Next => _next < found.Count || _isFull ? found[_next - 1].Cursor : leftOff;

    public bool TryNext(out Since person)
    {
        var isThere = _next < Math.Min(limit, found.Count);
        person = isThere ? found[_next++] : default;
        return isThere;
    }

    /// <summary>False if it does not fit any more: it is the first of the next page.</summary>
    public bool TryAdd(T shown, int bytes)
    {
        if (_bytes + bytes > MostBytes)
        {
            _next--;
            return !(_isFull = true);
        }

        _bytes += bytes;
        _shown.Add(shown);
        return true;
    }
}

internal static class PageCursorsExtensions
{
    /// <summary>The cursor of the next page; null if there is none.</summary>
    public static string? IssueNext(this IPageCursors cursors, PagedList list, PageCursor? next) =>
        next is { } place ? cursors.Issue(list, place) : null;
}
