using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Client;

// Decks, swipes and likes.
public partial interface ISwiperClient
{
    /// <summary>Reads people to swipe, or the reasons that there are none.</summary>
    /// <param name="count">Maximum number of people, 1 to 100.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<DeckReply> DeckAsync(int count = DeckRequest.DefaultCount, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="DeckAsync"/>
    ValueTask<Outcome<DeckReply>> TryDeckAsync(int count = DeckRequest.DefaultCount, CancellationToken cancellationToken = default);

    /// <summary>Swipes a person. Safe to repeat: the same swipe returns its first result again.</summary>
    ValueTask<SwipeReply> SwipeAsync(long sid, SwipeKind kind, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="SwipeAsync"/>
    ValueTask<Outcome<SwipeReply>> TrySwipeAsync(long sid, SwipeKind kind, CancellationToken cancellationToken = default);

    /// <summary>Reads who likes the user and has not been swiped, newest first.</summary>
    /// <param name="cursor"><see cref="LikedMeReply.NextCursor"/> of the previous page; null for the first.</param>
    /// <param name="limit">Maximum number of likes, 1 to 100.</param>
    /// <param name="cancellationToken">Stops the wait for the reply.</param>
    ValueTask<LikedMeReply> LikedMeAsync(
        string? cursor = null, int limit = LikedMeRequest.DefaultLimit, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="LikedMeAsync"/>
    ValueTask<Outcome<LikedMeReply>> TryLikedMeAsync(
        string? cursor = null, int limit = LikedMeRequest.DefaultLimit, CancellationToken cancellationToken = default);
}

public sealed partial class SwiperClient
{
    /// <inheritdoc/>
    public ValueTask<DeckReply> DeckAsync(int count = DeckRequest.DefaultCount, CancellationToken cancellationToken = default) =>
        TryDeckAsync(count, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<DeckReply>> TryDeckAsync(
        int count = DeckRequest.DefaultCount, CancellationToken cancellationToken = default) =>
        TrySendAsync<DeckRequest, DeckReply>(Opcode.Deck, new DeckRequest(count), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<SwipeReply> SwipeAsync(long sid, SwipeKind kind, CancellationToken cancellationToken = default) =>
        TrySwipeAsync(sid, kind, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<SwipeReply>> TrySwipeAsync(long sid, SwipeKind kind, CancellationToken cancellationToken = default) =>
        TrySendAsync<SwipeRequest, SwipeReply>(Opcode.Swipe, new SwipeRequest(sid, kind), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LikedMeReply> LikedMeAsync(
        string? cursor = null, int limit = LikedMeRequest.DefaultLimit, CancellationToken cancellationToken = default) =>
        TryLikedMeAsync(cursor, limit, cancellationToken).OrThrow();

    /// <inheritdoc/>
    public ValueTask<Outcome<LikedMeReply>> TryLikedMeAsync(
        string? cursor = null, int limit = LikedMeRequest.DefaultLimit, CancellationToken cancellationToken = default) =>
        TrySendAsync<LikedMeRequest, LikedMeReply>(Opcode.LikedMe, new LikedMeRequest(cursor, limit), cancellationToken);
}
