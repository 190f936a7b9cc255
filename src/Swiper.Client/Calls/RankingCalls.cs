using Swiper.Core.Protocol;
using Swiper.Core.Ranking;

namespace Swiper.Client;

/// <summary>Calls about who is hot.</summary>
public static class RankingCalls
{
    extension(SwiperClient client)
    {
        /// <summary>The first of a board, at most a few seconds old.</summary>
        /// <param name="board">Which.</param>
        /// <param name="n">At most so many, 1 to 50.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public async ValueTask<IReadOnlyList<BoardPerson>> TopAsync(
            BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default) =>
            (await client.TryTopAsync(board, n, cancellationToken).ConfigureAwait(false)).OrThrow().People;

        /// <inheritdoc cref="TopAsync"/>
        public ValueTask<Outcome<BoardReply>> TryTopAsync(
            BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<TopRequest, BoardReply>(Opcode.Top, new TopRequest(board, n), cancellationToken);

        /// <summary>Rank and score of a user; the rank is null for who has none.</summary>
        /// <param name="board">Which.</param>
        /// <param name="uid">Whose; one's own where null.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<RankOfReply> RankOfAsync(
            BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default) =>
            client.TryRankOfAsync(board, uid, cancellationToken).OrThrow();

        /// <inheritdoc cref="RankOfAsync"/>
        public ValueTask<Outcome<RankOfReply>> TryRankOfAsync(
            BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<RankOfRequest, RankOfReply>(Opcode.RankOf, new RankOfRequest(board, uid), cancellationToken);

        /// <summary>A stretch of a board with a user in its middle; empty for who has no rank.</summary>
        /// <param name="board">Which.</param>
        /// <param name="uid">Whose neighbours; one's own where null.</param>
        /// <param name="n">At most so many, 1 to 50.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public async ValueTask<IReadOnlyList<BoardPerson>> AroundAsync(
            BoardName board = BoardName.All, long? uid = null, int n = AroundRequest.DefaultN, CancellationToken cancellationToken = default) =>
            (await client.TryAroundAsync(board, uid, n, cancellationToken).ConfigureAwait(false)).OrThrow().People;

        /// <inheritdoc cref="AroundAsync"/>
        public ValueTask<Outcome<BoardReply>> TryAroundAsync(
            BoardName board = BoardName.All, long? uid = null, int n = AroundRequest.DefaultN, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<AroundRequest, BoardReply>(Opcode.Around, new AroundRequest(board, uid, n), cancellationToken);
    }
}
