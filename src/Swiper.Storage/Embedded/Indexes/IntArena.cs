namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// One store of ints that lends blocks of 4, 8, 16 ... of them, so that millions of small sets and lists have no object each and
/// growing one leaves no garbage. A buddy allocator: returned neighbours join into larger blocks again. Takes no lock.
/// </summary>
internal sealed class IntArena
{
    /// <summary>The smallest block holds 2^2 ints, as many as a free block needs for its links.</summary>
    public const int MinBits = 2;
    /// <summary>The largest block holds 2^26 ints.</summary>
    public const int MaxBits = 26;

    private const int ChunkBits = 18;
    private const int OffsetMask = (1 << ChunkBits) - 1;
    private const int MaxChunks = (1 << (31 - ChunkBits)) - 1;

    private readonly int[] _freeHeads = new int[MaxBits + 1];
    // Chunk 0 stays empty, so that 0 is never a handle.
    private int[][] _chunks = [[]];
    // One bit for each possible start of a block: set while a free block starts there.
    private ulong[][] _freeStarts = [[]];
    private int _chunkCount = 1;

    /// <summary>Ints that the arena holds, lent or free.</summary>
    public long Capacity { get; private set; }

    /// <summary>Ints that are lent.</summary>
    public long Lent { get; private set; }

    /// <summary>The class of the smallest block of at least so many ints.</summary>
    public static int BitsFor(int ints) => ints <= 1 << MinBits ? MinBits : System.Numerics.BitOperations.Log2((uint)ints - 1) + 1;

    /// <summary>Lends a block of 2^bits ints that hold anything; the handle is never 0.</summary>
    public int Rent(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, MinBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, MaxBits);
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
        Lent += 1L << bits;
        return handle;
    }

    /// <summary>Takes a block back; its handle is dead.</summary>
    public void Return(int handle, int bits)
    {
        Lent -= 1L << bits;
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

    public Span<int> Block(int handle, int bits) => _chunks[handle >> ChunkBits].AsSpan(handle & OffsetMask, 1 << bits);

    /// <summary>The first int of a block, where its owner keeps what says how large it is.</summary>
    public ref int First(int handle) => ref _chunks[handle >> ChunkBits][handle & OffsetMask];

    // A free block holds: next handle, previous handle, bits.
    private void Link(int handle, int bits)
    {
        var block = Block(handle, MinBits);
        block[0] = _freeHeads[bits];
        block[1] = 0;
        block[2] = bits;
        if (block[0] != 0)
            Block(block[0], MinBits)[1] = handle;
        _freeHeads[bits] = handle;
        FreeWord(handle) |= FreeBit(handle);
    }

    private void Unlink(int handle, int bits)
    {
        var block = Block(handle, MinBits);
        if (block[0] != 0)
            Block(block[0], MinBits)[1] = block[1];
        if (block[1] != 0)
            Block(block[1], MinBits)[0] = block[0];
        else
            _freeHeads[bits] = block[0];
        FreeWord(handle) &= ~FreeBit(handle);
    }

    private bool IsFree(int handle, int bits) =>
        (FreeWord(handle) & FreeBit(handle)) != 0 && Block(handle, MinBits)[2] == bits;

    private ref ulong FreeWord(int handle) => ref _freeStarts[handle >> ChunkBits][(handle & OffsetMask) >> (MinBits + 6)];

    private static ulong FreeBit(int handle) => 1UL << ((handle >> MinBits) & 63);

    // A block larger than a chunk is a chunk of its own, which starts where a chunk's first block would.
    private int AddChunk(int bits)
    {
        if (_chunkCount > MaxChunks)
            throw new InsufficientMemoryException("An index has outgrown its arena.");
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
