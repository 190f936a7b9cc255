using Swiper.Core.Protocol;
using Swiper.Core.Ranking;

namespace Swiper.Client;

// Boards.
public partial interface ISwiperClient
{
    /// <summary>Reads the top of a board, at most a second old.</summary>
    /// <param name="board">The board.</param>
    /// <param name="n">Maximum number of people, 1 to 50.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<IReadOnlyList<BoardPerson>> TopAsync(
        BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="TopAsync"/>
    ValueTask<Outcome<BoardReply>> TryTopAsync(
        BoardName board = BoardName.All, int n = TopRequest.DefaultN, CancellationToken cancellationToken = default);

    /// <summary>Reads the rank and score of a user; the rank is null if unranked.</summary>
    /// <param name="board">The board.</param>
    /// <param name="uid">The user; the signed-in one if null.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<RankOfReply> RankOfAsync(BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="RankOfAsync"/>
    ValueTask<Outcome<RankOfReply>> TryRankOfAsync(
        BoardName board = BoardName.All, long? uid = null, CancellationToken cancellationToken = default);

    /// <summary>Reads the part of a board around a user; empty if the user has no rank.</summary>
    /// <param name="board">The board.</param>
    /// <param name="uid">The user in the middle; the signed-in one if null.</param>
    /// <param name="n">Maximum number of people, 1 to 50.</param>
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

    // Boards are names on the wire: an undefined number would select another board. The server validates everything else.
    private static BoardName Known(BoardName board) =>
        Enum.IsDefined(board) ? board : throw new ArgumentOutOfRangeException(nameof(board), board, "no such board");
}
