using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

public readonly record struct RankOfRequest(
    [Description("the board")] BoardName Board = BoardName.All,
    [Description("the user; the signed-in one if absent")] long? Uid = null) : IPayload<RankOfRequest>
{
    public static RankOfRequest Read(scoped ref FieldReader fields) => new(BoardNames.Read(ref fields), fields.OptionalInt64("uid"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        BoardNames.Write(ref writer, Board);
        writer.WriteOptionalInt64(Uid);
    }
}

public readonly record struct RankOfReply(
    [Description("from 1; nil if unranked")] long? Rank,
    [Description("the sum of points; 0 if unranked")] long Score) : IPayload<RankOfReply>
{
    public static RankOfReply Read(scoped ref FieldReader fields) => new(fields.OptionalInt64("rank"), fields.Int64("score"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteOptionalInt64(Rank);
        writer.WriteInt64(Score);
    }
}

[Description("Returns the current rank and score of a user on a board.")]
internal sealed class RankOfHandler(IBoardRepository boards, IAccountRepository accounts) : IDeferredHandler<RankOfRequest, RankOfReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<RankOfReply>> HandleAsync(Session session, RankOfRequest request)
    {
        var standing = await boards.RankOfAsync(request.Board, request.Uid ?? session.Uid);
        if (standing is null && request.Uid is { } uid && await accounts.FindAsync(uid) is null)
            return ProfileHandler.NoSuchUser;
        return new RankOfReply(standing?.Rank, standing?.Score ?? 0);
    }
}
