using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

public readonly record struct AroundRequest(
    [Description("the board")] BoardName Board = BoardName.All,
    [Description("the user in the middle; the signed-in one if absent")] long? Uid = null,
    [Description("maximum number of people"), Within(1, AroundRequest.MaxN)] int N = AroundRequest.DefaultN) : IPayload<AroundRequest>
{
    public const int DefaultN = 11;
    public const int MaxN = TopBoards.Size;

    public static AroundRequest Read(scoped ref FieldReader fields) =>
        new(BoardNames.Read(ref fields), fields.OptionalInt64("uid"), fields.Int32("n", 1, MaxN, DefaultN));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(3);
        BoardNames.Write(ref writer, Board);
        writer.WriteOptionalInt64(Uid);
        writer.WriteInt64(N);
    }
}

[Description("Returns the part of a board around a user; empty if the user has no rank.")]
internal sealed class AroundHandler(IBoardRepository boards, IAccountRepository accounts, IBlockRepository blocks, BoardPeople people)
    : IDeferredHandler<AroundRequest, BoardReply>
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Outcome<BoardReply>> HandleAsync(Session session, AroundRequest request)
    {
        var standings = await boards.AroundAsync(request.Board, request.Uid ?? session.Uid, request.N);
        if (standings.Count == 0 && request.Uid is { } uid && await accounts.FindAsync(uid) is null)
            return ProfileHandler.NoSuchUser;
        return new BoardReply(await people.NameAsync(blocks.Meeting(session.Uid, standings, static standing => standing.Uid)));
    }
}
