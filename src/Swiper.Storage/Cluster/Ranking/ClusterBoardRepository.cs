using Swiper.Core.Dispatch;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Cluster.Ranking;

/// <summary>The boards of the cluster, from the index.</summary>
internal sealed class ClusterBoardRepository(ClusterEngine engine) : IBoardRepository
{
    public ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n) { _ = engine; throw new StoreUnavailableException("."); }

    public ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid) => throw new StoreUnavailableException(".");

    public ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n) => throw new StoreUnavailableException(".");
}
