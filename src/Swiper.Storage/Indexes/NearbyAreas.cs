using System.Buffers;
using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// The occupied cells that may hold people of a sex within a distance of a point, nearest middle first. It expands in rings and gathers
/// one ring at a time: by looking up the ring's cells while they are few, by scanning all occupied cells when those are fewer.
/// </summary>
internal ref struct NearbyAreas
{
    /// <summary>No grid point of a cell is farther from the cell's middle than this.</summary>
    public const double ReachKm = 7.5;

    private const double FirstRingKm = 25;
    private const double RingGrowth = 4;

    // Looking a cell up costs as much as scanning so many.
    private const int LookUpCost = 4;

    private readonly AreaLists _cells;
    private readonly Sex _sex;
    private readonly DistanceFrom _from;
    private readonly double _limit;
    private double _ringEnd;
    // A heap of the ring's cells, nearest first.
    private NearCell[] _heap = [];
    private int _count;

    public NearbyAreas(AreaLists cells, Sex sex, in DistanceFrom from, int minKm, int maxKm)
    {
        _cells = cells;
        _sex = sex;
        _from = from;
        _limit = maxKm + ReachKm;
        // Someone at most minKm - 1 away is shown at most that.
        _ringEnd = Math.Max(-1, minKm - 1 - ReachKm);
    }

    /// <summary>The number of the area in the lists.</summary>
    public int Current { get; private set; }

    /// <summary>The distance to the middle of the cell.</summary>
    public double CurrentKm { get; private set; }

    /// <summary>Nobody left is shown nearer than this.</summary>
    public readonly int NearestLeftKm => Math.Max(1, (int)Math.Ceiling((_count > 0 ? _heap[0].Km : _ringEnd) - ReachKm));

    public bool MoveNext()
    {
        while (_count == 0)
        {
            if (_ringEnd >= _limit)
                return false;
            GatherRing();
        }
        (CurrentKm, Current) = _heap[0];
        _heap[0] = _heap[--_count];
        SiftDown(0);
        return true;
    }

    /// <summary>As <see cref="MoveNext"/>, in no order, which costs least.</summary>
    public bool MoveNextUnordered()
    {
        while (_count == 0)
        {
            if (_ringEnd >= _limit)
                return false;
            GatherRing();
        }
        (CurrentKm, Current) = _heap[--_count];
        return true;
    }

    public void Dispose()
    {
        if (_heap.Length > 0)
            ArrayPool<NearCell>.Shared.Return(_heap);
        _heap = [];
        _count = 0;
    }

    private void GatherRing()
    {
        var after = _ringEnd;
        var until = Math.Min(_limit, Math.Max(FirstRingKm, after * RingGrowth));
        var box = CellBox.Around(_from.Point, until / DistanceFrom.KmPerDegree);
        var everywhere = box.Count >= _cells.AreaCount / LookUpCost;
        if (everywhere)
            until = _limit;
        _ringEnd = until;
        Reserve(everywhere ? _cells.AreaCount : box.Count);

        if (everywhere)
        {
            for (var area = 0; area < _cells.AreaCount; area++)
            {
                if (_cells[area].Sex == _sex)
                    Consider(area, after, until);
            }
        }
        else
        {
            for (var row = box.FirstRow; row <= box.LastRow; row++)
            {
                for (var column = 0; column < box.Columns; column++)
                {
                    var cell = GridPlace.CellAt(row, (box.FirstColumn + column) % GridPlace.CellsAround);
                    if (_cells.TryFind(_sex, cell, out var area))
                        Consider(area, after, until);
                }
            }
        }
        for (var i = _count / 2 - 1; i >= 0; i--)
            SiftDown(i);
    }

    private void Consider(int area, double after, double until)
    {
        ref readonly var cell = ref _cells[area];
        if (cell.Count == 0)
            return;
        var km = _from.KmTo(GridPlace.MiddleOf(cell.Id));
        if (km > after && km <= until)
            _heap[_count++] = new NearCell(km, area);
    }

    private void Reserve(int count)
    {
        if (_heap.Length >= count)
            return;
        Dispose();
        _heap = ArrayPool<NearCell>.Shared.Rent(count);
    }

    private readonly void SiftDown(int i)
    {
        while (true)
        {
            var child = 2 * i + 1;
            if (child >= _count)
                return;
            if (child + 1 < _count && _heap[child + 1].Km < _heap[child].Km)
                child++;
            if (_heap[i].Km <= _heap[child].Km)
                return;
            (_heap[i], _heap[child]) = (_heap[child], _heap[i]);
            i = child;
        }
    }

    private readonly record struct NearCell(double Km, int Area);
}

/// <summary>Rows and columns of cells; columns wrap around the date line.</summary>
internal readonly record struct CellBox(int FirstRow, int LastRow, int FirstColumn, int Columns)
{
    private const double CellsPerDegree = 10;

    public int Count => (LastRow - FirstRow + 1) * Columns;

    /// <summary>A cell of the box, by row and then by column.</summary>
    public int this[int index] => GridPlace.CellAt(FirstRow + index / Columns, (FirstColumn + index % Columns) % GridPlace.CellsAround);

    public bool Contains(int cell)
    {
        var (row, column) = ((cell - 1) / GridPlace.CellsAround, (cell - 1) % GridPlace.CellsAround);
        return cell > 0 && row >= FirstRow && row <= LastRow
            && (column - FirstColumn + GridPlace.CellsAround) % GridPlace.CellsAround < Columns;
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
