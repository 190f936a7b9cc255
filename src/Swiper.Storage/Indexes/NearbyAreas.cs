using System.Buffers;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// The occupied cells that may hold people of a sex within a distance of a point, nearest middle first. It expands in rings. The cells of
/// the first ones are looked up one by one; farther away blocks of cells take their place, and a block is opened only when no cell that is
/// left can be nearer than it. So what is looked at is what is near, and at most the blocks of the earth, however many cells are occupied.
/// </summary>
internal ref struct NearbyAreas
{
    /// <summary>No grid point of a cell is farther from the cell's middle than this.</summary>
    public const double ReachKm = 7.5;

    private const double FirstRingKm = 25;
    private const double RingGrowth = 4;

    // Looking a cell or a block up costs as much as passing so many.
    private const int LookUpCost = 4;

    // Of more cells only those are passed that somebody is in.
    private const int MostLookUps = 1_024;

    private const int None = int.MinValue;

    private readonly AreaLists _cells;
    private readonly CellBlocks _blocks;
    private readonly Sex _sex;
    private readonly DistanceFrom _from;
    private readonly double _limit;
    private double _ringEnd;
    // Cells that are not farther were looked up, or are too near to be wanted.
    private double _cellsAfter;
    private double _blocksAfter = -1;
    private bool _byBlock;
    // A heap of cells and blocks, nearest first: of cells the numbers of their areas, of blocks the complements of theirs.
    private Near[] _heap = [];
    private int _count;

    public NearbyAreas(AreaLists cells, Sex sex, in DistanceFrom from, int minKm, int maxKm)
    {
        _cells = cells;
        _blocks = cells.BlocksOf(sex);
        _sex = sex;
        _from = from;
        _limit = maxKm + ReachKm;
        // Someone at most minKm - 1 away is shown at most that.
        _ringEnd = _cellsAfter = Math.Max(-1, minKm - 1 - ReachKm);
    }

    /// <summary>Whether the last step came to an area.</summary>
    public readonly bool HasCurrent => Current != None;

    /// <summary>The number of the area in the lists.</summary>
    public int Current { get; private set; } = None;

    /// <summary>The distance to the middle of the cell.</summary>
    public double CurrentKm { get; private set; }

    /// <summary>Cells and blocks that were looked up or passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Nobody left is shown nearer than this.</summary>
    public readonly int NearestLeftKm =>
        Math.Max(1, (int)Math.Ceiling((_count > 0 ? Math.Min(_heap[0].Km, _ringEnd) : _ringEnd) - ReachKm));

    /// <summary>
    /// Goes a step on: to the next area, or only nearer to it, where <see cref="HasCurrent"/> is false. False at the end.
    /// </summary>
    public bool MoveNext()
    {
        Current = None;
        if (_ringEnd < _limit && (_count == 0 || _heap[0].Km > _ringEnd))
        {
            GatherRing();
            return true;
        }
        if (_count == 0)
            return false;
        var nearest = Take();
        if (nearest.Number < 0)
            Open(~nearest.Number);
        else
            (CurrentKm, Current) = (nearest.Km, nearest.Number);
        return true;
    }

    /// <summary>
    /// Ends the steps and returns how many people are in cells that are left and whose middles are beyond one distance and not beyond
    /// another. So many cells are passed; of others whole blocks are judged by their middles.
    /// </summary>
    public int CountLeft(double beyondKm, double untilKm, int cells)
    {
        var people = 0;
        while (_ringEnd < _limit)
            GatherRing();
        beyondKm = Math.Max(beyondKm, _cellsAfter);
        for (; _count > 0; _count--)
        {
            var (km, number) = _heap[_count - 1];
            if (number >= 0)
            {
                people += km > beyondKm && km <= untilKm ? _cells[number].Count : 0;
                continue;
            }
            ref readonly var block = ref _blocks[~number];
            km = _from.KmTo(CellBlocks.MiddleOf(block.Id));
            var isWhole = km - CellBlocks.ReachKm > beyondKm && km + CellBlocks.ReachKm <= untilKm;
            if (isWhole || cells <= 0)
            {
                people += km > beyondKm && km <= untilKm ? block.People : 0;
                continue;
            }
            for (var index = 0; block.NextCell(ref index) is var cell and not 0; cells--)
            {
                Passed++;
                km = _from.KmTo(GridPlace.MiddleOf(cell));
                if (km > beyondKm && km <= untilKm && _cells.TryFind(_sex, cell, out var area))
                    people += _cells[area].Count;
            }
        }
        return people;
    }

    public void Dispose()
    {
        if (_heap.Length > 0)
            ArrayPool<Near>.Shared.Return(_heap);
        _heap = [];
        _count = 0;
    }

    private void GatherRing()
    {
        var until = Math.Min(_limit, Math.Max(FirstRingKm, _ringEnd * RingGrowth));
        if (!_byBlock)
        {
            var box = CellBox.Around(_from.Point, until / DistanceFrom.KmPerDegree);
            if (box.Count <= Math.Min(MostLookUps, _cells.AreaCount / LookUpCost))
            {
                LookUp(box, until);
                _ringEnd = until;
                return;
            }
            _byBlock = true;
            _cellsAfter = _ringEnd;
        }

        var blocks = CellBox.Around(_from.Point, (until + CellBlocks.ReachKm) / DistanceFrom.KmPerDegree).InBlocks();
        if (blocks.Count < _blocks.Count / LookUpCost)
        {
            for (var row = blocks.FirstRow; row <= blocks.LastRow; row++)
            {
                for (var column = 0; column < blocks.Columns; column++)
                {
                    var id = CellBlocks.IdOf(row, (blocks.FirstColumn + column) % CellBlocks.BlocksAround);
                    if (_blocks.TryFind(id, out var number))
                        Consider(number, until);
                    else
                        Passed++;
                }
            }
        }
        else
        {
            until = _limit;
            for (var number = 0; number < _blocks.Count; number++)
                Consider(number, until);
        }
        _ringEnd = _blocksAfter = until;
    }

    private void LookUp(in CellBox box, double until)
    {
        for (var row = box.FirstRow; row <= box.LastRow; row++)
        {
            for (var column = 0; column < box.Columns; column++)
            {
                Passed++;
                var cell = GridPlace.CellAt(row, (box.FirstColumn + column) % GridPlace.CellsAround);
                if (!_cells.TryFind(_sex, cell, out var area))
                    continue;
                var km = _from.KmTo(GridPlace.MiddleOf(cell));
                if (km > _ringEnd && km <= until)
                    Add(new Near(km, area));
            }
        }
    }

    // A block of this ring, as far as its nearest cell may be.
    private void Consider(int number, double until)
    {
        Passed++;
        var km = _from.KmTo(CellBlocks.MiddleOf(_blocks[number].Id));
        var nearest = Math.Max(0, km - CellBlocks.ReachKm);
        if (nearest > _blocksAfter && nearest <= until && km + CellBlocks.ReachKm > _cellsAfter)
            Add(new Near(nearest, ~number));
    }

    private void Open(int number)
    {
        ref readonly var block = ref _blocks[number];
        for (var index = 0; block.NextCell(ref index) is var cell and not 0;)
        {
            Passed++;
            var km = _from.KmTo(GridPlace.MiddleOf(cell));
            if (km > _cellsAfter && km <= _limit && _cells.TryFind(_sex, cell, out var area))
                Add(new Near(km, area));
        }
    }

    private void Add(Near near)
    {
        if (_count == _heap.Length)
            Grow();
        var i = _count++;
        while (i > 0 && (i - 1) / 2 is var parent && _heap[parent].Km > near.Km)
        {
            _heap[i] = _heap[parent];
            i = parent;
        }
        _heap[i] = near;
    }

    private Near Take()
    {
        var nearest = _heap[0];
        var last = _heap[--_count];
        var i = 0;
        while (2 * i + 1 is var child && child < _count)
        {
            if (child + 1 < _count && _heap[child + 1].Km < _heap[child].Km)
                child++;
            if (last.Km <= _heap[child].Km)
                break;
            _heap[i] = _heap[child];
            i = child;
        }
        _heap[i] = last;
        return nearest;
    }

    private void Grow()
    {
        var grown = ArrayPool<Near>.Shared.Rent(Math.Max(64, 2 * _heap.Length));
        _heap.AsSpan(0, _count).CopyTo(grown);
        if (_heap.Length > 0)
            ArrayPool<Near>.Shared.Return(_heap);
        _heap = grown;
    }

    private readonly record struct Near(double Km, int Number);
}

/// <summary>Rows and columns of cells, or of blocks of them; columns wrap around the date line.</summary>
internal readonly record struct CellBox(int FirstRow, int LastRow, int FirstColumn, int Columns)
{
    private const double CellsPerDegree = 10;

    public int Count => (LastRow - FirstRow + 1) * Columns;

    /// <summary>A cell of the box, by row and then by column.</summary>
    public int this[int index] => GridPlace.CellAt(FirstRow + index / Columns, (FirstColumn + index % Columns) % GridPlace.CellsAround);

    public bool Contains(int cell)
    {
        var (row, column) = GridPlace.RowAndColumnOf(cell);
        return cell > 0 && row >= FirstRow && row <= LastRow
            && (column - FirstColumn + GridPlace.CellsAround) % GridPlace.CellsAround < Columns;
    }

    /// <summary>The blocks of <see cref="CellBlocks"/> that have a cell of the box.</summary>
    public CellBox InBlocks()
    {
        var first = FirstColumn / CellBlocks.Side;
        var columns = (FirstColumn + Columns - 1) / CellBlocks.Side - first + 1;
        return columns >= CellBlocks.BlocksAround
            ? new CellBox(FirstRow / CellBlocks.Side, LastRow / CellBlocks.Side, 0, CellBlocks.BlocksAround)
            : new CellBox(FirstRow / CellBlocks.Side, LastRow / CellBlocks.Side, first, columns);
    }

    /// <summary>A box of all cells whose middle is within this many degrees of arc; it has all columns if it reaches a pole.</summary>
    public static CellBox Around(GeoPoint point, double degrees)
    {
        var firstRow = Math.Max(0, (int)Math.Floor((point.Latitude - degrees + 90) * CellsPerDegree) - 1);
        var lastRow = Math.Min(GridPlace.CellRows - 1, (int)Math.Floor((point.Latitude + degrees + 90) * CellsPerDegree) + 1);
        if (point.Latitude - degrees <= -90 || point.Latitude + degrees >= 90)
            return new CellBox(firstRow, lastRow, 0, GridPlace.CellsAround);

        // The meridians that touch the circle, which are wider than the latitude of its centre suggests.
        var halfWidth = double.RadiansToDegrees(
            Math.Asin(Math.Sin(double.DegreesToRadians(degrees)) / Math.Cos(double.DegreesToRadians(point.Latitude))));
        var firstColumn = (int)Math.Floor((point.Longitude - halfWidth + 180) * CellsPerDegree) - 1;
        var lastColumn = (int)Math.Floor((point.Longitude + halfWidth + 180) * CellsPerDegree) + 1;
        return lastColumn - firstColumn + 1 >= GridPlace.CellsAround
            ? new CellBox(firstRow, lastRow, 0, GridPlace.CellsAround)
            : new CellBox(firstRow, lastRow, (firstColumn + GridPlace.CellsAround) % GridPlace.CellsAround, lastColumn - firstColumn + 1);
    }
}
