using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Client;

/// <summary>Calls of meeting people.</summary>
public static class SocialCalls
{
    extension(SwiperClient client)
    {
        /// <summary>People to decide about, or why there are none.</summary>
        /// <param name="count">At most so many, 1 to 100.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<DeckReply> DeckAsync(int count = DeckRequest.DefaultCount, CancellationToken cancellationToken = default) =>
            client.TryDeckAsync(count, cancellationToken).OrThrow();

        /// <inheritdoc cref="DeckAsync"/>
        public ValueTask<Outcome<DeckReply>> TryDeckAsync(int count = DeckRequest.DefaultCount, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<DeckRequest, DeckReply>(Opcode.Deck, new DeckRequest(count), cancellationToken);

        /// <summary>Decides about a person. Safe to repeat: the same swipe again answers what it answered first.</summary>
        public ValueTask<SwipeReply> SwipeAsync(long sid, SwipeKind kind, CancellationToken cancellationToken = default) =>
            client.TrySwipeAsync(sid, kind, cancellationToken).OrThrow();

        /// <inheritdoc cref="SwipeAsync"/>
        public ValueTask<Outcome<SwipeReply>> TrySwipeAsync(long sid, SwipeKind kind, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<SwipeRequest, SwipeReply>(Opcode.Swipe, new SwipeRequest(sid, kind), cancellationToken);

        /// <summary>Who likes the user and has not been decided about, newest first.</summary>
        /// <param name="cursor"><see cref="LikedMeReply.NextCursor"/> of the page before; null for the first.</param>
        /// <param name="limit">At most so many, 1 to 100.</param>
        /// <param name="cancellationToken">Stops the wait for the reply.</param>
        public ValueTask<LikedMeReply> LikedMeAsync(
            string? cursor = null, int limit = LikedMeRequest.DefaultLimit, CancellationToken cancellationToken = default) =>
            client.TryLikedMeAsync(cursor, limit, cancellationToken).OrThrow();

        /// <inheritdoc cref="LikedMeAsync"/>
        public ValueTask<Outcome<LikedMeReply>> TryLikedMeAsync(
            string? cursor = null, int limit = LikedMeRequest.DefaultLimit, CancellationToken cancellationToken = default) =>
            client.TrySendAsync<LikedMeRequest, LikedMeReply>(Opcode.LikedMe, new LikedMeRequest(cursor, limit), cancellationToken);
    }
}
