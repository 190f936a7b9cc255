namespace Swiper.Storage.Indexes;

/// <summary>A public place: a point of the 0.01-degree grid in four bytes, or none (the default).</summary>
internal readonly record struct GridPlace
{
    private const int Columns = 36_000;
    private const int CellColumns = Columns / PointsPerCell;

    /// <summary>A cell of the candidate index is this many grid points wide and high: 0.1 degree.</summary>
    public const int PointsPerCell = 10;
    public const int CellsAround = CellColumns;
    /// <summary>The last row holds the north pole alone.</summary>
    public const int CellRows = 1801;

    private readonly int _value;

    private GridPlace(int value) => _value = value;

    public bool IsNone => _value == 0;

    /// <summary>The grid point nearest to the place; a longitude of 180 is -180, a latitude beyond a pole is the pole.</summary>
    public static GridPlace Snap(GeoPoint point)
    {
        if (!double.IsFinite(point.Latitude) || !double.IsFinite(point.Longitude))
            return default;
        var row = (int)Math.Round(Math.Clamp(point.Latitude, -90, 90) * 100) + 9_000;
        var column = (int)(((long)Math.Round(point.Longitude % 360 * 100) + 18_000 + Columns) % Columns);
        return new GridPlace(1 + row * Columns + column);
    }

    /// <summary>Where the grid point is; only for a place that is one.</summary>
    public GeoPoint Point => new(
        ((_value - 1) / Columns - 9_000) / 100.0,
        ((_value - 1) % Columns - 18_000) / 100.0);

    /// <summary>The cell that holds the grid point: a number from 1, or 0 for no place.</summary>
    public int Cell => IsNone ? 0 : CellAt((_value - 1) / Columns / PointsPerCell, (_value - 1) % Columns / PointsPerCell);

    public static int CellAt(int row, int column) => 1 + row * CellColumns + column;

    /// <summary>The middle of a cell's grid points, which lies half a point south-west of the middle of the cell.</summary>
    public static GeoPoint MiddleOf(int cell) => new(
        Math.Min(90, (cell - 1) / CellColumns / 10.0 - 90 + 0.045),
        (cell - 1) % CellColumns / 10.0 - 180 + 0.045);
}
