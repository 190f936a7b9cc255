using System.Buffers.Text;
using System.Text;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Storage.Redis.Repair;

/// <summary>
/// Packs users for MendChunk.lua, which documents the format, into arguments small enough for one call; a large user is split over
/// several.
/// </summary>
internal static class ChunkPacker
{
    // A call with this many elements takes Redis about a millisecond.
    private const int MaxElements = 4000;

    public static IEnumerable<byte[]> Pack(IEnumerable<MendedUser> users)
    {
        var pieces = new List<Piece>();
        var elements = 0;
        foreach (var piece in users.SelectMany(Cut))
        {
            if (elements > 0 && elements + piece.Elements > MaxElements)
            {
                yield return Pack(pieces, elements);
                pieces.Clear();
                elements = 0;
            }

            pieces.Add(piece);
            elements += piece.Elements;
        }

        if (elements > 0)
            yield return Pack(pieces, elements);
    }

    private static IEnumerable<Piece> Cut(MendedUser user)
    {
        var (swiped, likers) = (user.Swiped, user.Likers);
        var begins = true;
        do
        {
            var swipedNow = swiped[..Math.Min(swiped.Length, MaxElements / 2)];
            var likersNow = likers[..Math.Min(likers.Length, MaxElements / 8)];
            swiped = swiped[swipedNow.Length..];
            likers = likers[likersNow.Length..];
            yield return new Piece(user.Uid, begins, swipedNow, likersNow, begins ? user.Scores : default);
            begins = false;
        }
        while (!swiped.IsEmpty || !likers.IsEmpty);
    }

    private static byte[] Pack(List<Piece> pieces, int elements)
    {
        var writer = new MessagePackWriter(new byte[elements * 12]);
        try
        {
            writer.WriteArrayHeader(elements);
            foreach (var piece in pieces)
                Write(piece, ref writer);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static void Write(Piece piece, ref MessagePackWriter writer)
    {
        WriteUid(piece.Uid, ref writer);
        writer.WriteInt64(piece.Begins ? 1 : 0);
        writer.WriteInt64(piece.Swiped.Length);
        foreach (var sid in piece.Swiped.Span)
            WriteUid(sid, ref writer);
        writer.WriteInt64(piece.Likers.Length);
        foreach (var liker in piece.Likers.Span)
        {
            WriteUid(liker.Uid, ref writer);
            writer.WriteInt64(liker.At);
            writer.WriteInt64(liker.Kind == SwipeKind.Superlike ? 1 : 0);
        }

        writer.WriteInt64(piece.Scores.Length);
        foreach (var score in piece.Scores.Span)
        {
            writer.WriteString(Encoding.ASCII.GetBytes(score.Board.ToString()));
            writer.WriteInt64(score.Score);
            writer.WriteInt64(score.Reached);
            writer.WriteInt64(score.Board.Expires);
        }
    }

    private static void WriteUid(long uid, ref MessagePackWriter writer)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(uid, text, out var length);
        writer.WriteString(text[..length]);
    }

    private readonly record struct Piece(
        long Uid, bool Begins, ReadOnlyMemory<long> Swiped, ReadOnlyMemory<IndexedLiker> Likers, ReadOnlyMemory<MendedScore> Scores)
    {
        public int Elements => 5 + Swiped.Length + 3 * Likers.Length + 4 * Scores.Length;
    }
}
