using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;

namespace Swiper.Core.Social;

public readonly record struct LikedMeRequest(
    [Description("`next_cursor` of the previous page; the newest likes if absent"), MaxBytes(IPageCursors.MaxLength)]
    string? Cursor = null,
    [Description("maximum number of likes"), Within(1, LikedMeRequest.MaxLimit)] int Limit = LikedMeRequest.DefaultLimit)
    : IPayload<LikedMeRequest>
{
    public const int DefaultLimit = 30;
    public const int MaxLimit = 100;

    public static LikedMeRequest Read(scoped ref FieldReader fields) =>
        new(fields.OptionalString("cursor", IPageCursors.MaxLength), fields.Int32("limit", 1, MaxLimit, DefaultLimit));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteOptionalString(Cursor);
        writer.WriteInt64(Limit);
    }
}

/// <summary>A page of likes, newest first.</summary>
public sealed record LikedMeReply(
    [Description("the likes, newest first")] IReadOnlyList<ReceivedLike> Likes,
    [Description("where the next page begins, an opaque value; nil on the last page"), MaxBytes(IPageCursors.MaxLength)]
    string? NextCursor)
        : IPayload<LikedMeReply>
{
    public static LikedMeReply Read(scoped ref FieldReader fields)
    {
        var likes = new List<ReceivedLike>();
        var elements = fields.Elements("likes");
        while (elements.Left > 0)
            likes.Add(ReadLike(ref elements));
        fields.Fail(elements.Problem);
        return new(likes, fields.OptionalString("next_cursor", IPageCursors.MaxLength));
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(Likes.Count);
        for (var index = 0; index < Likes.Count; index++)
        {
            var like = Likes[index];
            writer.WriteArrayHeader(3);
            writer.WriteInt64(like.Uid);
            writer.WriteInt64((byte)like.Kind);
            writer.WriteInt64(like.At);
        }
        writer.WriteOptionalString(NextCursor);
    }

    private static ReceivedLike ReadLike(ref FieldReader likes)
    {
        var like = likes.Elements("like");
        var read = new ReceivedLike(
            like.Int64("uid"), (SwipeKind)like.Int32("kind", (int)SwipeKind.Like, (int)SwipeKind.Superlike), like.Int64("at"));
        likes.Fail(like.Problem);
        return read;
    }
}

[Description(
    "Returns those who liked or superliked the user and whom the user has not swiped, newest first. Likes that arrive while paging "
    + "are not on later pages; nobody appears on two pages. A like may be listed a moment before its own reply: "
    + "of it and a like in return, either may be the match.")]
internal sealed class LikedMeHandler(ILikeRepository likes, IBlockRepository blocks, IPageCursors cursors)
    : IDeferredHandler<LikedMeRequest, LikedMeReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<LikedMeReply>> HandleAsync(Session session, LikedMeRequest request)
    {
        var list = new PagedList(PagedListKind.LikedMe, session.Uid);
        if (!cursors.TryRead(list, request.Cursor, out var after))
            return IPageCursors.NotOfThisList;
        // One more than asked for tells whether there is another page.
        var found = await likes.ReadAsync(session.Uid, after, request.Limit + 1);
        var isLast = found.Count <= request.Limit;
        var shown = found.Take(request.Limit).Where(like => blocks.MayComeUp(session.Uid, like.Uid)).ToArray();
        return new LikedMeReply(shown, isLast ? null : cursors.Issue(list, found[request.Limit - 1].Cursor));
    }
}
