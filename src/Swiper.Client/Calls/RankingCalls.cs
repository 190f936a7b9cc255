using Swiper.Core.Protocol;
using Swiper.Core.Ranking;

namespace Swiper.Client;

// Calls about who is hot.
public partial interface ISwiperClient
{
    /// <summary>The first of a board, at most a few seconds old.</summary>
    /// <param name="board">Which.</param>
    /// <param name="n">At most so many, 1 to 50.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<IReadOnlyList<BoardPerson>> TopAsync(
        BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="TopAsync"/>
    ValueTask<Outcome<BoardReply>> TryTopAsync(
        BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default);

    /// <summary>Rank and score of a user; the rank is null for who has none.</summary>
    /// <param name="board">Which.</param>
    /// <param name="uid">Whose; one's own where null.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<RankOfReply> RankOfAsync(BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="RankOfAsync"/>
    ValueTask<Outcome<RankOfReply>> TryRankOfAsync(
        BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default);

    /// <summary>A stretch of a board with a user in its middle; empty for who has no rank.</summary>
    /// <param name="board">Which.</param>
    /// <param name="uid">Whose neighbours; one's own where null.</param>
    /// <param name="n">At most so many, 1 to 50.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<IReadOnlyList<BoardPerson>> AroundAsync(
        BoardName board = BoardName.All, long? uid = null, int n = AroundRequest.DefaultN, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="AroundAsync"/>
    ValueTask<Outcome<BoardReply>> TryAroundAsync(
        BoardName board = BoardName.All, long? uid = null, int n = AroundRequest.DefaultN, CancellationToken cancellationToken = default);
}

public sealed partial class SwiperClient
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BoardPerson>> TopAsync(
        BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default) =>
        (await TryTopAsync(board, n, cancellationToken).ConfigureAwait(false)).OrThrow().People;

    /// <inheritdoc/>
    public ValueTask<Outcome<BoardReply>> TryTopAsync(
        BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default) =>
        TrySendAsync<TopRequest, BoardReply>(Opcode.Top, new TopRequest(Known(board), n), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RankOfReply> RankOfAsync(
        BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default) =>
        TryRankOfAsync(board, uid, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<RankOfReply>> TryRankOfAsync(
        BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default) =>
        TrySendAsync<RankOfRequest, RankOfReply>(Opcode.RankOf, new RankOfRequest(Known(board), uid), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<BoardPerson>> AroundAsync(
        BoardName board = BoardName.All, long? uid = null, int n = AroundRequest.DefaultN,
        CancellationToken cancellationToken = default) =>
        (await TryAroundAsync(board, uid, n, cancellationToken).ConfigureAwait(false)).OrThrow().People;

    /// <inheritdoc/>
    public ValueTask<Outcome<BoardReply>> TryAroundAsync(
        BoardName board = BoardName.All, long? uid = null, int n = AroundRequest.DefaultN,
        CancellationToken cancellationToken = default) =>
        TrySendAsync<AroundRequest, BoardReply>(Opcode.Around, new AroundRequest(Known(board), uid, n), cancellationToken);

    // Boards are names on the wire: a number that has none would ask for another board. All else is judged by the server.
    private static BoardName Known(BoardName board) =>
        Enum.IsDefined(board) ? board : throw new ArgumentOutOfRangeException(nameof(board), board, "no such board");
}
