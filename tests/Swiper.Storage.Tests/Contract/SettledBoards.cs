using Swiper.Core.Dispatch;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Tests.Contract;

/// <summary>
/// Boards that are read once they tell of every swipe that was answered. An index that is elsewhere may hear of a swipe after its
/// swiper did, and be out of reach for a moment; then it is asked again, as a client would.
/// </summary>
internal sealed class SettledBoards(IBoardRepository boards, Func<Task> settledAsync) : IBoardRepository
{
    public ValueTask<IReadOnlyList<BoardStanding>> TopAsync(BoardName board, int n) => ReadAsync(() => boards.TopAsync(board, n));

    public ValueTask<BoardStanding?> RankOfAsync(BoardName board, long uid) => ReadAsync(() => boards.RankOfAsync(board, uid));

    public ValueTask<IReadOnlyList<BoardStanding>> AroundAsync(BoardName board, long uid, int n) =>
        ReadAsync(() => boards.AroundAsync(board, uid, n));

    private async ValueTask<T> ReadAsync<T>(Func<ValueTask<T>> read)
    {
        await settledAsync();
        T? answer = default;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    answer = await read();
                    return true;
                }
                catch (StoreUnavailableException)
                {
                    return false;
                }
            },
            "boards that can be read");
        return answer!;
    }
}
