using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Ranking;

/// <summary>
/// The boards of the cluster, from the index alone: while it is rebuilt they can't be read, for a part of a board is no board.
/// </summary>
internal sealed class ClusterBoardRepository(ClusterEngine engine) : IBoardRepository
{
    public async ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n) =>
        Known(await engine.Index.Boards.TopAsync(Current(board), n).ConfigureAwait(false));

    public async ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid) =>
        Known(await engine.Index.Boards.RankOfAsync(Current(board), uid).ConfigureAwait(false));

    public async ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n) =>
        Known(await engine.Index.Boards.AroundAsync(Current(board), uid, n).ConfigureAwait(false));

    private BoardPeriod Current(BoardName board) => BoardPeriod.Of(board, engine.Clock.NowMs());

    private static T Known<T>(IndexAnswer<T> answer) =>
        answer.IsKnown ? answer.Value : throw new StoreUnavailableException("The boards can't be read now.");
}
