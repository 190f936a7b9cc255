using Microsoft.AspNetCore.DataProtection;
using Swiper.Core.Dispatch;
using Swiper.Host.Accounts;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Accounts;

public sealed class SealedCursorsTests
{
    private static readonly PagedList List = new(PagedListKind.CommonFriends, Owner: 7, Subject: 8);

    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly EphemeralDataProtectionProvider _keys = new();
    private readonly SealedCursors _cursors;

    public SealedCursorsTests() => _cursors = new SealedCursors(_keys, _clock);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_784_116_800_000, 7_331_234_567_890_123_456)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(-1, long.MinValue)]
    public void A_cursor_leads_to_its_place_on_every_host(long at, long uid)
    {
        var cursor = _cursors.Issue(List, new PageCursor(at, uid));
        Assert.InRange(cursor.Length, 1, IPageCursors.MaxLength);
        Assert.True(new SealedCursors(_keys, _clock).TryRead(List, cursor, out var place));
        Assert.Equal(new PageCursor(at, uid), place);
    }

    [Fact]
    public void No_cursor_is_the_first_page()
    {
        Assert.True(_cursors.TryRead(List, null, out var place));
        Assert.Null(place);
    }

    [Theory]
    [InlineData(PagedListKind.Friends, 7, 8)]
    [InlineData(PagedListKind.CommonFriends, 9, 8)]
    [InlineData(PagedListKind.CommonFriends, 7, 9)]
    [InlineData(PagedListKind.CommonFriends, 8, 7)]
    [InlineData(PagedListKind.CommonFriends, 7, 0)]
    public void A_cursor_leads_into_no_other_list(PagedListKind kind, long owner, long subject) =>
        AssertRefused(_cursors.Issue(new PagedList(kind, owner, subject), new PageCursor(1, 2)));

    [Fact]
    public void A_cursor_is_good_for_a_day()
    {
        var cursor = _cursors.Issue(List, new PageCursor(1, 2));
        _clock.Advance(IPageCursors.Lifetime);
        Assert.True(_cursors.TryRead(List, cursor, out _));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        AssertRefused(cursor);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("next")]
    [InlineData("1.1")]
    [InlineData("1784116800000.7331234567890123456")]
    [InlineData("ключ")]
    public void What_is_no_cursor_is_refused(string text) => AssertRefused(text);

    [Fact]
    public void A_cursor_that_was_changed_or_cut_off_anywhere_is_refused()
    {
        var cursor = _cursors.Issue(List, new PageCursor(1, 2));
        for (var i = 0; i < cursor.Length; i++)
        {
            AssertRefused(cursor[..i]);
            AssertRefused(string.Concat(cursor.AsSpan(0, i), cursor[i] == 'A' ? "B" : "A", cursor.AsSpan(i + 1)));
        }

        AssertRefused(cursor + "A");
        AssertRefused(cursor + "=");
    }

    [Fact]
    public void A_cursor_of_other_keys_or_for_another_purpose_is_refused()
    {
        AssertRefused(new SealedCursors(new EphemeralDataProtectionProvider(), _clock).Issue(List, new PageCursor(1, 2)));
        AssertRefused(new DataProtectionTokens(_keys, new AccountOptions(), _clock).Issue(7, out _));
    }

    private void AssertRefused(string cursor)
    {
        Assert.False(_cursors.TryRead(List, cursor, out var place));
        Assert.Null(place);
    }
}
