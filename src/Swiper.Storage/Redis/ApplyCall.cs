using System.Buffers.Text;
using System.Numerics;
using StackExchange.Redis;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;

namespace Swiper.Storage.Redis;

/// <summary>
/// Packs batches into the argument of Apply.lua, which documents the format. Sorts the swipes by group, batch and side with one counting
/// sort. Reuses its arrays: one caller at a time, and each call overwrites the last.
/// </summary>
internal sealed class ApplyCall
{
    private const int Sides = 2;
    private const int OwnElements = 2;
    private const int TheirElements = 4;

    // The client takes whole arrays only. Split into pieces of fixed sizes, all but the end can be reused; in one piece, the argument was
    // a quarter of a swipe's garbage.
    private const int PieceBytes = 4096;
    private const int SmallestPiece = 256;

    private readonly List<(int Node, int Shard)> _lanes = [];
    private int[] _laneOf = [];
    private IndexedSwipe[] _swipes = [];
    private int[] _starts = [];
    private int[] _sorted = [];
    private readonly List<byte[]> _pieces = [];
    private readonly byte[]?[] _halves = new byte[]?[BitOperations.Log2(PieceBytes / SmallestPiece)];
    private byte[] _buffer = new byte[PieceBytes];

    /// <summary>The argument in pieces. Send them before packing the next call, or give them up with <see cref="LosePieces"/>.</summary>
    /// <param name="parts">The batches.</param>
    /// <param name="now">Swipes whose times are ahead of it count on the boards of this time.</param>
    public RedisValue[] Pack(List<BatchPart> parts, long now)
    {
        Sort(parts);
        var writer = new MessagePackWriter(_buffer);
        try
        {
            WriteAll(parts, now, ref writer);
            if (writer.HasOutgrownBuffer)
                _buffer = new byte[writer.Written.Length * 2];
            return Cut(writer.Written);
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>The call was given up, but the client may still send it: the pieces can't be reused.</summary>
    public void LosePieces()
    {
        _pieces.Clear();
        Array.Clear(_halves);
    }

    // Full pieces, then halves of them for the rest, then a remainder of its exact size.
    private RedisValue[] Cut(ReadOnlySpan<byte> argument)
    {
        var (full, rest) = Math.DivRem(argument.Length, PieceBytes);
        var pieces = new RedisValue[full + BitOperations.PopCount((uint)rest / SmallestPiece) + (rest % SmallestPiece > 0 ? 1 : 0)];
        var next = 0;
        while (next < full)
        {
            if (next == _pieces.Count)
                _pieces.Add(new byte[PieceBytes]);
            pieces[next] = Take(_pieces[next], ref argument);
            next++;
        }
        for (var (half, size) = (0, PieceBytes / 2); size >= SmallestPiece; half++, size /= 2)
        {
            if ((rest & size) != 0)
                pieces[next++] = Take(_halves[half] ??= new byte[size], ref argument);
        }
        if (!argument.IsEmpty)
            pieces[next] = argument.ToArray();
        return pieces;
    }

    private static byte[] Take(byte[] piece, ref ReadOnlySpan<byte> argument)
    {
        argument[..piece.Length].CopyTo(piece);
        argument = argument[piece.Length..];
        return piece;
    }

    /// <summary>
    /// Fills <see cref="_sorted"/> with indexes into <see cref="_swipes"/>, and <see cref="_starts"/> with the start of each group, batch
    /// and side.
    /// </summary>
    private void Sort(List<BatchPart> parts)
    {
        Flatten(parts);
        var cells = UserGroups.Count * parts.Count * Sides;
        if (_starts.Length < cells + 1)
            _starts = new int[cells + 1];
        Array.Clear(_starts, 0, cells + 1);

        // :: Step 1: count, each cell one place to the right
        var place = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            var (batch, groups) = parts[part];
            for (var end = place + batch.Swipes.Length; place < end; place++)
            {
                if (IsOwnOf(_swipes[place], groups))
                    _starts[Cell(_swipes[place].Uid, part, 0) + 1]++;
                if ((UserGroups.BitOf(_swipes[place].Sid) & groups) != 0)
                    _starts[Cell(_swipes[place].Sid, part, 1) + 1]++;
            }
        }

        // :: Step 2: sum up
        for (var cell = 1; cell <= cells; cell++)
            _starts[cell] += _starts[cell - 1];
        var items = _starts[cells];
        if (_sorted.Length < items)
            _sorted = new int[items * 2];

        // :: Step 3: put in place, which moves each start to the next cell's; then shift them back
        place = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            var (batch, groups) = parts[part];
            for (var end = place + batch.Swipes.Length; place < end; place++)
            {
                if (IsOwnOf(_swipes[place], groups))
                    _sorted[_starts[Cell(_swipes[place].Uid, part, 0)]++] = place;
                if ((UserGroups.BitOf(_swipes[place].Sid) & groups) != 0)
                    _sorted[_starts[Cell(_swipes[place].Sid, part, 1)]++] = place;
            }
        }

        Array.Copy(_starts, 0, _starts, 1, cells);
        _starts[0] = 0;

        int Cell(long uid, int part, int side) => (UserGroups.Of(uid) * parts.Count + part) * Sides + side;
    }

    private void Flatten(List<BatchPart> parts)
    {
        var count = 0;
        foreach (var part in parts)
            count += part.Batch.Swipes.Length;
        if (_swipes.Length < count)
            _swipes = new IndexedSwipe[count * 2];
        if (_laneOf.Length < parts.Count)
            _laneOf = new int[parts.Count * 2];
        _lanes.Clear();
        var place = 0;
        for (var part = 0; part < parts.Count; part++)
        {
            var batch = parts[part].Batch;
            batch.Swipes.CopyTo(_swipes.AsMemory(place));
            place += batch.Swipes.Length;
            var lane = _lanes.IndexOf((batch.Node, batch.Shard));
            if (lane < 0)
            {
                lane = _lanes.Count;
                _lanes.Add((batch.Node, batch.Shard));
            }

            _laneOf[part] = lane + 1;
        }
    }

    private void WriteAll(List<BatchPart> parts, long now, ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(6 + _lanes.Count + CountElements(parts.Count));
        writer.WriteInt64(Points.For(SwipeKind.Like));
        writer.WriteInt64(Points.For(SwipeKind.Superlike));
        writer.WriteInt64(Points.For(SwipeKind.Dislike));
        writer.WriteInt64(_lanes.Count);
        foreach (var (node, shard) in _lanes)
            WriteLane(node, shard, ref writer);
        writer.WriteInt64(now);
        writer.WriteInt64((long)SwipeRules.MostAhead.TotalMilliseconds);

        for (var group = 0; group < UserGroups.Count; group++)
        {
            var (batches, elements) = SizeOf(group, parts.Count);
            if (batches == 0)
                continue;
            writer.WriteInt64(group);
            writer.WriteInt64(elements);
            writer.WriteInt64(batches);
            for (var part = 0; part < parts.Count; part++)
            {
                var own = Items(group, part, parts.Count, 0);
                var theirs = Items(group, part, parts.Count, 1);
                if (own.IsEmpty && theirs.IsEmpty)
                    continue;
                writer.WriteInt64(_laneOf[part]);
                WriteBatchId(parts[part].Batch.Batch, ref writer);
                writer.WriteInt64(own.Length);
                writer.WriteInt64(theirs.Length);
                WriteItems(own, theirs, ref writer);
            }
        }
    }

    private void WriteItems(ReadOnlySpan<int> own, ReadOnlySpan<int> theirs, ref MessagePackWriter writer)
    {
        foreach (var place in own)
        {
            WriteUid(_swipes[place].Uid, ref writer);
            WriteUid(_swipes[place].Sid, ref writer);
        }

        foreach (var place in theirs)
        {
            ref readonly var swipe = ref _swipes[place];
            WriteUid(swipe.Sid, ref writer);
            WriteUid(swipe.Uid, ref writer);
            writer.WriteInt64(swipe.Code);
            writer.WriteInt64(swipe.At);
        }
    }

    // Only the swiped user's side tells of what was taken back.
    private static bool IsOwnOf(in IndexedSwipe swipe, ulong groups) =>
        swipe.Change == SwipeChange.Made && (UserGroups.BitOf(swipe.Uid) & groups) != 0;

    private int CountElements(int parts)
    {
        var count = 0;
        for (var group = 0; group < UserGroups.Count; group++)
        {
            var (batches, elements) = SizeOf(group, parts);
            if (batches > 0)
                count += 3 + elements;
        }

        return count;
    }

    private (int Batches, int Elements) SizeOf(int group, int parts)
    {
        var (batches, elements) = (0, 0);
        for (var part = 0; part < parts; part++)
        {
            var (own, theirs) = (Items(group, part, parts, 0).Length, Items(group, part, parts, 1).Length);
            if (own + theirs == 0)
                continue;
            batches++;
            elements += 4 + own * OwnElements + theirs * TheirElements;
        }

        return (batches, elements);
    }

    private ReadOnlySpan<int> Items(int group, int part, int parts, int side)
    {
        var cell = (group * parts + part) * Sides + side;
        return _sorted.AsSpan(_starts[cell], _starts[cell + 1] - _starts[cell]);
    }

    // As text, because Lua numbers hold only 53 bits.
    private static void WriteUid(long uid, ref MessagePackWriter writer)
    {
        Span<byte> text = stackalloc byte[20];
        Utf8Formatter.TryFormat(uid, text, out var length);
        writer.WriteString(text[..length]);
    }

    private static void WriteLane(int node, int shard, ref MessagePackWriter writer)
    {
        Span<byte> text = stackalloc byte[24];
        Utf8Formatter.TryFormat(node, text, out var length);
        text[length++] = (byte)':';
        Utf8Formatter.TryFormat(shard, text[length..], out var rest);
        writer.WriteString(text[..(length + rest)]);
    }

    // Leading zeros make the texts compare like the numbers.
    private static void WriteBatchId(long batch, ref MessagePackWriter writer)
    {
        Span<byte> text = stackalloc byte[19];
        Utf8Formatter.TryFormat(batch, text, out _, new('D', 19));
        writer.WriteString(text);
    }
}
