using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

/// <summary>Asks for a page of people.</summary>
public readonly record struct PageRequest(
    [Description("`next_cursor` of the previous page; the newest if absent"), MaxBytes(IPageCursors.MaxLength)] string? Cursor = null,
    [Description("maximum number of people; fewer are returned if more would not fit a frame"), Within(1, PageRequest.MaxLimit)]
    int Limit = PageRequest.DefaultLimit) : IPayload<PageRequest>
{
    public const int DefaultLimit = 30;
    public const int MaxLimit = 100;

    public static PageRequest Read(scoped ref FieldReader fields) =>
        new(fields.OptionalString("cursor", IPageCursors.MaxLength), fields.Int32("limit", 1, MaxLimit, DefaultLimit));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteOptionalString(Cursor);
        writer.WriteInt64(Limit);
    }
}

/// <summary>Names a user.</summary>
public readonly record struct PersonRequest([Description("the user")] long Uid) : IPayload<PersonRequest>
{
    public static PersonRequest Read(scoped ref FieldReader fields) => new(fields.Int64("uid"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(Uid);
    }
}

[Description("A friend of the user.")]
public readonly record struct Friend(
    [Description("the friend")] long Uid,
    [Description("their name")] string Nickname,
    [Description("their first picture; nil if they have none")] string? Avatar,
    [Description("when the two matched"), Time] long Since)
{
    /// <summary>Its maximum size on the wire.</summary>
    internal int MaxBytes => 32 + Encoding.UTF8.GetByteCount(Nickname) + Encoding.UTF8.GetByteCount(Avatar ?? "");

    internal static Friend Read(ref FieldReader friends)
    {
        var friend = friends.Elements("friend");
        var read = new Friend(
            friend.Int64("uid"), friend.String("nickname", int.MaxValue), friend.OptionalString("avatar", int.MaxValue),
            friend.Int64("since"));
        friends.Fail(friend.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(4);
        writer.WriteInt64(Uid);
        writer.WriteString(Nickname);
        writer.WriteOptionalString(Avatar);
        writer.WriteInt64(Since);
    }
}

/// <summary>A page of friends, newest first.</summary>
public sealed record FriendsReply(
    [Description("the friends, newest first")] IReadOnlyList<Friend> Friends,
    [Description("where the next page begins, an opaque value; nil on the last page"), MaxBytes(IPageCursors.MaxLength)]
    string? NextCursor) : IPayload<FriendsReply>
{
    public static FriendsReply Read(scoped ref FieldReader fields)
    {
        var friends = new List<Friend>();
        var elements = fields.Elements("friends");
        while (elements.Left > 0)
            friends.Add(Friend.Read(ref elements));
        fields.Fail(elements.Problem);
        return new(friends, fields.OptionalString("next_cursor", IPageCursors.MaxLength));
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(Friends.Count);
        for (var index = 0; index < Friends.Count; index++)
            Friends[index].Write(ref writer);
        writer.WriteOptionalString(NextCursor);
    }
}

/// <summary>The push to a user whose friendship the other user has ended.</summary>
public readonly record struct UnmatchedPush([Description("the former friend")] long Uid) : IPayload<UnmatchedPush>
{
    public static UnmatchedPush Read(scoped ref FieldReader fields) => new(fields.Int64("uid"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(1);
        writer.WriteInt64(Uid);
    }
}

[Description("Returns the user's friends, newest first. Friends that come or go while paging shift no page; nobody appears on two pages.")]
internal sealed class FriendsHandler(IFriendRepository friends, IPageCursors cursors, FriendPages pages)
    : IDeferredHandler<PageRequest, FriendsReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<FriendsReply>> HandleAsync(Session session, PageRequest request)
    {
        var list = new PagedList(PagedListKind.Friends, session.Uid);
        if (!cursors.TryRead(list, request.Cursor, out var after))
            return IPageCursors.NotOfThisList;
        // One more than asked for tells whether there is another page.
        var found = await friends.ReadAsync(session.Uid, after, request.Limit + 1);
        return await pages.ShowAsync(list, new PageOf<Friend>(found, request.Limit));
    }
}

[Description("Returns the profile of a friend, as `profile` does.")]
internal sealed class FriendHandler(
    IFriendRepository friends, IBlockRepository blocks, IAccountRepository accounts, TimeProvider clock)
    : IDeferredHandler<PersonRequest, ProfileReply>
{
    internal static readonly Failure NotFriends = new(StatusCode.NotFriends, "you are not friends");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<ProfileReply>> HandleAsync(Session session, PersonRequest request)
    {
        if (blocks.AreBlocked(session.Uid, request.Uid))
            return IBlockRepository.Blocked;
        if (await accounts.FindAsync(request.Uid) is not { Profile: var friend })
            return ProfileHandler.NoSuchUser;
        if (!await friends.AreFriendsAsync(session.Uid, request.Uid))
            return NotFriends;
        var now = clock.NowMs();
        return new ProfileReply(ProfileView.OfOther(friend.At(now), WireTime.Day(now), matched: true));
    }
}

[Description("Ends a friendship, for both and for good. The other user gets push 706. Neither appears in the other's deck, likes or "
    + "friends again, also if one of them takes back the swipe by `rewind`, and no later swipe is a match.")]
internal sealed class UnfriendHandler(IFriendRepository friends, IAccountRepository accounts, TimeProvider clock)
    : IDeferredHandler<PersonRequest, NoData>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<NoData>> HandleAsync(Session session, PersonRequest request)
    {
        // First, so that a friendship with somebody whose account is gone can be ended.
        var ended = await friends.EndAsync(session.Uid, request.Uid, clock.NowMs());
        return ended.Failure.Code == StatusCode.NotFriends && await accounts.FindAsync(request.Uid) is null
            ? ProfileHandler.NoSuchUser : ended;
    }
}
