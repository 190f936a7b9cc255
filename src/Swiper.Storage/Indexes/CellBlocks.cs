using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Swiper.Storage.Indexes;

/// <summary>
/// The occupied cells of one sex by block of 16 by 16 cells, and how many people each block has: the earth has 25,425 blocks, so a search
/// passes all of them in less than a millisecond, however many cells are occupied. Not thread-safe.
/// </summary>
internal sealed class CellBlocks
{
    /// <summary>Cells along a side, a divisor of <see cref="GridPlace.CellsAround"/>.</summary>
    public const int Side = 16;

    /// <summary>No cell of a block has its middle farther from the block's middle than this.</summary>
    public const double ReachKm = 120;

    public const int BlocksAround = GridPlace.CellsAround / Side;

    private readonly Dictionary<int, int> _numbers = [];
    private Block[] _blocks = new Block[16];

    /// <summary>Blocks with anyone, numbered from 0; the numbers hold until the next change.</summary>
    public int Count { get; private set; }

    public long Bytes => Unsafe.SizeOf<Block>() * (long)_blocks.Length + 5L * sizeof(int) * _numbers.Capacity;

    public ref readonly Block this[int number] => ref _blocks[number];

    public bool TryFind(int id, out int number) => _numbers.TryGetValue(id, out number);

    /// <summary>One more person in a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="isFirst">Whether nobody else is in it.</param>
    public void Add(int cell, bool isFirst)
    {
        var id = IdOf(cell);
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, id, out var exists);
        if (!exists)
        {
            number = Count++;
            if (number == _blocks.Length)
                Array.Resize(ref _blocks, number * 2);
            _blocks[number] = new Block { Id = id };
        }
        ref var block = ref _blocks[number];
        block.People++;
        if (isFirst)
            block.Mark(cell, isOccupied: true);
    }

    /// <summary>One person less in a cell.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="isLast">Whether nobody is left in it.</param>
    public void Remove(int cell, bool isLast)
    {
        var number = _numbers[IdOf(cell)];
        ref var block = ref _blocks[number];
        if (isLast)
            block.Mark(cell, isOccupied: false);
        if (--block.People > 0)
            return;
        // The last block takes over the number.
        _numbers.Remove(block.Id);
        var last = --Count;
        if (number == last)
            return;
        block = _blocks[last];
        _numbers[block.Id] = number;
    }

    public static int IdOf(int row, int column) => row * BlocksAround + column;

    public static GeoPoint MiddleOf(int id)
    {
        var first = GridPlace.MiddleOf(CellOf(id, 0));
        return new GeoPoint(Math.Min(90, first.Latitude + (Side - 1) / 20.0), first.Longitude + (Side - 1) / 20.0);
    }

    private static int IdOf(int cell)
    {
        var (row, column) = GridPlace.RowAndColumnOf(cell);
        return IdOf(row / Side, column / Side);
    }

    private static int CellOf(int id, int index) =>
        GridPlace.CellAt(id / BlocksAround * Side + index / Side, id % BlocksAround * Side + index % Side);

    /// <summary>A block with somebody.</summary>
    internal struct Block
    {
        private Cells _cells;

        public int Id { get; init; }

        public int People { get; set; }

        /// <summary>The next occupied cell from this index on, which moves behind it; 0 if there is none.</summary>
        public readonly int NextCell(ref int index)
        {
            for (; index < Side * Side; index = (index | 63) + 1)
            {
                var left = _cells[index / 64] >> (index % 64);
                if (left == 0)
                    continue;
                index += BitOperations.TrailingZeroCount(left);
                return CellOf(Id, index++);
            }
            return 0;
        }

        public void Mark(int cell, bool isOccupied)
        {
            var (row, column) = GridPlace.RowAndColumnOf(cell);
            var index = row % Side * Side + column % Side;
            var bit = 1UL << (index % 64);
            _cells[index / 64] = isOccupied ? _cells[index / 64] | bit : _cells[index / 64] & ~bit;
        }
    }

    [InlineArray(Side * Side / 64)]
    private struct Cells
    {
        private ulong _first;
    }
}
