using System.Numerics;
using System.Runtime.InteropServices;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// An order-statistics list: entries by score (highest first), then by who reached it first, then by uid. A directory of small sorted
/// blocks, so that a change moves a few kilobytes at most and a rank is a sum over the directory. Blocks are recycled. Not thread-safe.
/// </summary>
internal sealed class RankedBlocks(PeopleIndex people) : IComparer<Ranked>
{
    public const int BlockSize = 256;
    private const int FillOnLoad = BlockSize * 3 / 4;
    private const int MergeBelow = BlockSize / 4;

    private Ranked[][] _blocks = new Ranked[16][];
    // The first entry and the length of each block, in arrays of their own for searching and summing.
    private Ranked[] _firsts = new Ranked[16];
    private int[] _lengths = new int[16];
    private int _blockCount;
    private Ranked[][] _spares = new Ranked[16][];
    private int _spareCount;

    public int Count { get; private set; }

    public int Compare(Ranked x, Ranked y)
    {
        if (x.Score != y.Score)
            return x.Score > y.Score ? -1 : 1;
        if (x.ReachedAt != y.ReachedAt)
            return x.ReachedAt < y.ReachedAt ? -1 : 1;
        return x.Slot == y.Slot ? 0 : people.UidOf(x.Slot).CompareTo(people.UidOf(y.Slot));
    }

    public void Insert(in Ranked entry)
    {
        if (_blockCount == 0)
            AddBlock(0);
        var block = BlockOf(entry);
        if (_lengths[block] == BlockSize)
        {
            Split(block);
            if (Compare(_firsts[block + 1], entry) <= 0)
                block++;
        }
        var entries = _blocks[block];
        var place = PlaceIn(block, entry);
        Array.Copy(entries, place, entries, place + 1, _lengths[block]++ - place);
        entries[place] = entry;
        _firsts[block] = entries[0];
        Count++;
    }

    /// <summary>Removes an existing entry.</summary>
    public void Remove(in Ranked entry)
    {
        var block = BlockOf(entry);
        var entries = _blocks[block];
        var place = PlaceIn(block, entry);
        Array.Copy(entries, place + 1, entries, place, --_lengths[block] - place);
        _firsts[block] = entries[0];
        Count--;
        if (_lengths[block] < MergeBelow)
            Merge(block);
    }

    /// <summary>How many entries come before an existing one.</summary>
    public int IndexOf(in Ranked entry)
    {
        var block = BlockOf(entry);
        return Sum(_lengths.AsSpan(0, block)) + PlaceIn(block, entry);
    }

    /// <summary>Copies entries in order from an index on, as many as fit; returns how many.</summary>
    public int CopyTo(int index, Span<BoardEntry> into)
    {
        var block = 0;
        while (block < _blockCount && index >= _lengths[block])
            index -= _lengths[block++];
        var copied = 0;
        for (; block < _blockCount && copied < into.Length; block++, index = 0)
        {
            var count = Math.Min(_lengths[block] - index, into.Length - copied);
            foreach (ref readonly var entry in _blocks[block].AsSpan(index, count))
                into[copied++] = new BoardEntry(people.UidOf(entry.Slot), entry.Score, entry.ReachedAt);
        }
        return copied;
    }

    public void Clear()
    {
        while (_blockCount > 0)
            Spare(_blocks[--_blockCount]);
        Count = 0;
    }

    /// <summary>Replaces all entries; sorts the given span in place.</summary>
    public void Load(Span<Ranked> entries)
    {
        Clear();
        entries.Sort(this);
        for (var from = 0; from < entries.Length; from += FillOnLoad)
        {
            var part = entries.Slice(from, Math.Min(FillOnLoad, entries.Length - from));
            AddBlock(_blockCount);
            part.CopyTo(_blocks[_blockCount - 1]);
            _firsts[_blockCount - 1] = part[0];
            _lengths[_blockCount - 1] = part.Length;
        }
        Count = entries.Length;
    }

    // The last block whose first entry does not come after this one.
    private int BlockOf(in Ranked entry)
    {
        var low = 0;
        var high = _blockCount - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (Compare(_firsts[middle], entry) <= 0)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    private int PlaceIn(int block, in Ranked entry)
    {
        var entries = _blocks[block];
        var low = 0;
        var high = _lengths[block];
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Compare(entries[middle], entry) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void Split(int block)
    {
        AddBlock(block + 1);
        var left = _blocks[block];
        const int half = BlockSize / 2;
        Array.Copy(left, half, _blocks[block + 1], 0, BlockSize - half);
        _lengths[block] = half;
        _lengths[block + 1] = BlockSize - half;
        _firsts[block + 1] = left[half];
    }

    // Merge with the smaller neighbour if both together leave room to grow.
    private void Merge(int block)
    {
        if (_lengths[block] == 0)
        {
            RemoveBlock(block);
            return;
        }
        var left = block > 0 ? _lengths[block - 1] : BlockSize;
        var right = block + 1 < _blockCount ? _lengths[block + 1] : BlockSize;
        if (Math.Min(left, right) + _lengths[block] > FillOnLoad)
            return;
        var first = left <= right ? block - 1 : block;
        Array.Copy(_blocks[first + 1], 0, _blocks[first], _lengths[first], _lengths[first + 1]);
        _lengths[first] += _lengths[first + 1];
        RemoveBlock(first + 1);
    }

    private void AddBlock(int at)
    {
        if (_blockCount == _blocks.Length)
        {
            Array.Resize(ref _blocks, _blockCount * 2);
            Array.Resize(ref _firsts, _blockCount * 2);
            Array.Resize(ref _lengths, _blockCount * 2);
        }
        Array.Copy(_blocks, at, _blocks, at + 1, _blockCount - at);
        Array.Copy(_firsts, at, _firsts, at + 1, _blockCount - at);
        Array.Copy(_lengths, at, _lengths, at + 1, _blockCount - at);
        _blocks[at] = _spareCount > 0 ? _spares[--_spareCount] : new Ranked[BlockSize];
        _lengths[at] = 0;
        _blockCount++;
    }

    private void RemoveBlock(int at)
    {
        Spare(_blocks[at]);
        _blockCount--;
        Array.Copy(_blocks, at + 1, _blocks, at, _blockCount - at);
        Array.Copy(_firsts, at + 1, _firsts, at, _blockCount - at);
        Array.Copy(_lengths, at + 1, _lengths, at, _blockCount - at);
    }

    private void Spare(Ranked[] block)
    {
        if (_spareCount == _spares.Length)
            Array.Resize(ref _spares, _spareCount * 2);
        _spares[_spareCount++] = block;
    }

    private static int Sum(ReadOnlySpan<int> lengths)
    {
        var sum = 0;
        var vectors = MemoryMarshal.Cast<int, Vector<int>>(lengths);
        var partial = Vector<int>.Zero;
        foreach (var vector in vectors)
            partial += vector;
        foreach (var length in lengths[(vectors.Length * Vector<int>.Count)..])
            sum += length;
        return sum + Vector.Sum(partial);
    }
}
