namespace Swiper.Storage.Indexes;

/// <summary>
/// An arena that allocates blocks of ints, so that millions of small sets and lists need no objects and growing one leaves no garbage.
/// Blocks come in classes of 4, 8, 12, 16, 24, 32, 48 ... ints. Not thread-safe.
/// </summary>
/// <remarks>
/// A buddy allocator: it splits blocks of 2^n ints, and freed halves merge again. A block of 3 * 2^n is three quarters of such a block,
/// whose last quarter is free for others.
/// </remarks>
internal sealed class IntArena
{
    /// <summary>
    /// The class of 4 ints, as many as a free block needs for its links. Class 2n has 2^n ints, class 2n + 1 half as many more.
    /// </summary>
    public const int MinClass = 4;
    /// <summary>The class of 2^24 ints.</summary>
    public const int MaxClass = 2 * MaxBits;

    private const int MinBits = MinClass / 2;
    private const int MaxBits = 24;
    private const int ChunkBits = 18;
    private const int OffsetMask = (1 << ChunkBits) - 1;
    private const int MaxChunks = (1 << (31 - ChunkBits)) - 1;

    private readonly int[] _freeHeads = new int[MaxBits + 1];
    // Chunk 0 is unused, so that 0 is never a handle.
    private int[][] _chunks = [[]];
    // One bit for each possible start of a block: set while a free block starts there.
    private ulong[][] _freeStarts = [[]];
    private int _chunkCount = 1;

    /// <summary>Ints in the arena, allocated or free.</summary>
    public long Capacity { get; private set; }

    /// <summary>Ints allocated.</summary>
    public long Lent { get; private set; }

    public static int SizeOf(int sizeClass) => (2 + (sizeClass & 1)) << (sizeClass >> 1) >> 1;

    /// <summary>
    /// The next class up. There is none between 4 and 8, because a quarter must hold the links, nor between blocks larger than a chunk.
    /// </summary>
    public static int Larger(int sizeClass) => sizeClass + (sizeClass is MinClass or >= 2 * ChunkBits ? 2 : 1);

    /// <summary>The next class down.</summary>
    public static int Smaller(int sizeClass) => sizeClass - (sizeClass is MinClass + 2 or > 2 * ChunkBits ? 2 : 1);

    /// <summary>Allocates a block with arbitrary contents; the handle is never 0.</summary>
    public int Rent(int sizeClass)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeClass, MinClass);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeClass, MaxClass);
        var size = SizeOf(sizeClass);
        Lent += size;
        if ((sizeClass & 1) == 0)
            return Take(sizeClass >> 1);
        var bits = (sizeClass >> 1) + 1;
        var handle = Take(bits);
        Link(handle + size, bits - 2);
        return handle;
    }

    /// <summary>Frees a block; its handle becomes invalid.</summary>
    public void Return(int handle, int sizeClass)
    {
        Lent -= SizeOf(sizeClass);
        var bits = sizeClass >> 1;
        Free(handle, bits);
        if ((sizeClass & 1) != 0)
            Free(handle + (1 << bits), bits - 1);
    }

    public Span<int> Block(int handle, int sizeClass) => Ints(handle, SizeOf(sizeClass));

    /// <summary>The first int of a block, where its owner keeps its size.</summary>
    public ref int First(int handle) => ref _chunks[handle >> ChunkBits][handle & OffsetMask];

    private Span<int> Ints(int handle, int count) => _chunks[handle >> ChunkBits].AsSpan(handle & OffsetMask, count);

    private Span<int> Links(int handle) => Ints(handle, 1 << MinBits);

    private int Take(int bits)
    {
        var found = bits;
        while (found < ChunkBits && _freeHeads[found] == 0)
            found++;
        var handle = _freeHeads[found];
        if (handle == 0)
            handle = AddChunk(found);
        else
            Unlink(handle, found);
        while (found > bits)
        {
            found--;
            Link(handle + (1 << found), found);
        }
        return handle;
    }

    private void Free(int handle, int bits)
    {
        while (bits < ChunkBits)
        {
            var buddy = handle ^ (1 << bits);
            if (!IsFree(buddy, bits))
                break;
            Unlink(buddy, bits);
            handle = Math.Min(handle, buddy);
            bits++;
        }
        Link(handle, bits);
    }

    // A free block holds: next handle, previous handle, bits.
    private void Link(int handle, int bits)
    {
        var block = Links(handle);
        block[0] = _freeHeads[bits];
        block[1] = 0;
        block[2] = bits;
        if (block[0] != 0)
            Links(block[0])[1] = handle;
        _freeHeads[bits] = handle;
        FreeWord(handle) |= FreeBit(handle);
    }

    private void Unlink(int handle, int bits)
    {
        var block = Links(handle);
        if (block[0] != 0)
            Links(block[0])[1] = block[1];
        if (block[1] != 0)
            Links(block[1])[0] = block[0];
        else
            _freeHeads[bits] = block[0];
        FreeWord(handle) &= ~FreeBit(handle);
    }

    private bool IsFree(int handle, int bits) =>
        (FreeWord(handle) & FreeBit(handle)) != 0 && Links(handle)[2] == bits;

    private ref ulong FreeWord(int handle) => ref _freeStarts[handle >> ChunkBits][(handle & OffsetMask) >> (MinBits + 6)];

    private static ulong FreeBit(int handle) => 1UL << ((handle >> MinBits) & 63);

    // A block larger than a chunk is a separate chunk, which starts where a chunk's first block would.
    private int AddChunk(int bits)
    {
        if (_chunkCount > MaxChunks)
#pragma warning disable MA0012 // Out of memory is what this is: the runtime throws the same for an array that can't be that long.
            throw new InsufficientMemoryException("An index has outgrown its arena.");
#pragma warning restore MA0012
        if (_chunkCount == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunkCount * 2);
            Array.Resize(ref _freeStarts, _chunkCount * 2);
        }
        _chunks[_chunkCount] = GC.AllocateUninitializedArray<int>(1 << bits);
        _freeStarts[_chunkCount] = new ulong[bits > ChunkBits ? 1 : 1 << (ChunkBits - MinBits - 6)];
        Capacity += 1L << bits;
        return _chunkCount++ << ChunkBits;
    }
}
