using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Storage.Redis;
using Swiper.Storage.Redis.Reading;

namespace Swiper.Storage.Cluster.Ranking;

/// <summary>
/// The boards of the cluster, from the index only. They can't be read while it is being rebuilt: a partial board would be wrong.
/// </summary>
internal sealed class ClusterBoardRepository(BoardReader index, TimeProvider clock) : IBoardRepository
{
    public async ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n) =>
        Known(await index.TopAsync(Current(board), n).ConfigureAwait(false));

    public async ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid) =>
        Known(await index.RankOfAsync(Current(board), uid).ConfigureAwait(false));

    public async ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n) =>
        Known(await index.AroundAsync(Current(board), uid, n).ConfigureAwait(false));

    private BoardPeriod Current(BoardName board) => BoardPeriod.Of(board, clock.NowMs());

    private static T Known<T>(IndexAnswer<T> answer) =>
        answer.IsKnown ? answer.Value : throw new StoreUnavailableException("The boards can't be read now.");
}
