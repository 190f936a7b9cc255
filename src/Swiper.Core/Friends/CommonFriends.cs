using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

/// <summary>Asks for a page of the friends that the user and a friend have in common.</summary>
public readonly record struct CommonFriendsRequest(
    [Description("a friend of the user")] long Uid,
    [Description("`next_cursor` of the previous page; the newest if absent"), MaxBytes(IPageCursors.MaxLength)] string? Cursor = null,
    [Description("maximum number of people; fewer are returned if more would not fit a frame, or would take too long to find"),
        Within(1, PageRequest.MaxLimit)]
    int Limit = PageRequest.DefaultLimit) : IPayload<CommonFriendsRequest>
{
    public static CommonFriendsRequest Read(scoped ref FieldReader fields) => new(
        fields.Int64("uid"), fields.OptionalString("cursor", IPageCursors.MaxLength),
        fields.Int32("limit", 1, PageRequest.MaxLimit, PageRequest.DefaultLimit));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Uid);
        writer.WriteOptionalString(Cursor);
        writer.WriteInt64(Limit);
    }
}

[Description("Returns the friends that the user and another have in common, in the order of the user's own friends: newest first. Only "
    + "those who are friends can ask. Of two users who both have many friends a request looks through a part: it may then return few "
    + "people, or none, and a `next_cursor`. Only a page without one is the last.")]
internal sealed class CommonFriendsHandler(
    IFriendRepository friends, IBlockRepository blocks, IAccountRepository accounts, IPageCursors cursors, FriendPages pages)
    : IDeferredHandler<CommonFriendsRequest, FriendsReply>
{
    private static readonly Failure Oneself = new(StatusCode.BadParams, "uid: expected another user");

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<FriendsReply>> HandleAsync(Session session, CommonFriendsRequest request)
    {
        var (uid, other) = (session.Uid, request.Uid);
        if (other == uid)
            return Oneself;
        var list = new PagedList(PagedListKind.CommonFriends, uid, other);
        if (!cursors.TryRead(list, request.Cursor, out var after))
            return IPageCursors.NotOfThisList;
        if (blocks.AreBlocked(uid, other))
            return IBlockRepository.Blocked;
        if (await accounts.FindAsync(other) is null)
            return ProfileHandler.NoSuchUser;
        // Else anybody could find out who is whose friend.
        if (!await friends.AreFriendsAsync(uid, other))
            return FriendHandler.NotFriends;

        // One more than asked for tells whether there is another page.
        var found = await friends.ReadCommonAsync(uid, other, after, request.Limit + 1);
        return await pages.ShowAsync(list, new PageOf<Friend>(found.People, request.Limit, found.LeftOff));
    }
}
