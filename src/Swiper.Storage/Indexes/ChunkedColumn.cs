namespace Swiper.Storage.Indexes;

/// <summary>
/// A growable array of values by slot that never moves its contents: readers take no lock, and references into it stay valid. Calls of
/// <see cref="Ensure"/> and <see cref="Clear"/> must not run concurrently.
/// </summary>
internal sealed class ChunkedColumn<T>
    where T : unmanaged
{
    public const int ChunkBits = 16;
    public const int ChunkSize = 1 << ChunkBits;
    private const int Mask = ChunkSize - 1;

    private T[]?[] _chunks = [];

    /// <summary>A cell that <see cref="Ensure"/> has created.</summary>
    public ref T this[int slot] => ref _chunks[slot >> ChunkBits]![slot & Mask];

    /// <summary>The cell of the slot, created (zero) if missing.</summary>
    public ref T Ensure(int slot)
    {
        var chunks = _chunks;
        var chunk = slot >> ChunkBits;
        if ((uint)chunk >= (uint)chunks.Length || chunks[chunk] is null)
            AddChunk(chunk);
        return ref this[slot];
    }

    /// <summary>The value of the slot, zero if its chunk was never created.</summary>
    public T ValueOrDefault(int slot)
    {
        var chunks = _chunks;
        var chunk = slot >> ChunkBits;
        return (uint)chunk < (uint)chunks.Length && chunks[chunk] is { } values ? values[slot & Mask] : default;
    }

    /// <summary>Sets every value to zero and keeps the memory.</summary>
    public void Clear()
    {
        foreach (var chunk in _chunks)
            chunk?.AsSpan().Clear();
    }

    /// <summary>The chunks in slot order, for a scan of everything; null for chunks that were never created.</summary>
    public ReadOnlySpan<T[]?> Chunks => _chunks;

    private void AddChunk(int chunk)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunk);
        var chunks = _chunks;
        if (chunk >= chunks.Length)
            Array.Resize(ref chunks, chunk + 1);
        Volatile.Write(ref chunks[chunk], new T[ChunkSize]);
        Volatile.Write(ref _chunks, chunks);
    }
}
