namespace Swiper.Storage.Indexes;

/// <summary>
/// A public place: a point on a grid of about a kilometre in four bytes, or none (the default). Rows are 0.01 degree apart; a row has as
/// many points as fit at that distance or more, fewer towards the poles.
/// </summary>
internal readonly record struct GridPlace
{
    /// <summary>The first row holds the south pole alone, the last one the north pole.</summary>
    private const int Rows = 18_001;
    /// <summary>The points on the equator, and the numbers reserved for any row.</summary>
    private const int EquatorPoints = 36_000;
    private const int RowsPerCell = 10;

    /// <summary>A cell of the candidate index is 0.1 degree wide and high.</summary>
    public const int CellsAround = 3_600;
    /// <summary>The last row holds the north pole alone.</summary>
    public const int CellRows = 1_801;

    private static readonly int[] PointsOfRow = [.. Enumerable.Range(0, Rows).Select(CountPoints)];
    private static readonly double[] CosOfRow =
        [.. Enumerable.Range(0, Rows).Select(row => Math.Cos(double.DegreesToRadians((row - 9_000) / 100.0)))];

    private readonly int _value;

    private GridPlace(int row, int column) => _value = 1 + row * EquatorPoints + column;

    public bool IsNone => _value == 0;

    /// <summary>The nearest grid point of the nearest row; a latitude beyond a pole is the pole.</summary>
    public static GridPlace Snap(GeoPoint point)
    {
        if (!double.IsFinite(point.Latitude) || !double.IsFinite(point.Longitude))
            return default;
        var row = (int)Math.Round((Math.Clamp(point.Latitude, -90, 90) + 90) * 100);
        var points = PointsOfRow[row];
        var aroundFromDateLine = point.Longitude / 360 + 0.5;
        var column = (int)Math.Round((aroundFromDateLine - Math.Floor(aroundFromDateLine)) * points);
        return new GridPlace(row, column == points ? 0 : column);
    }

    /// <summary>The location of the grid point; only valid for a place.</summary>
    public GeoPoint Point => new(Latitude, Column * 360.0 / PointsOfRow[Row] - 180);

    /// <summary>The latitude of the grid point.</summary>
    public double Latitude => (Row - 9_000) / 100.0;

    /// <summary>The cosine of the latitude.</summary>
    public double CosLatitude => CosOfRow[Row];

    /// <summary>The cell that holds the grid point: a number from 1, or 0 for no place.</summary>
    public int Cell => IsNone ? 0 : CellAt(Row / RowsPerCell, (int)((long)Column * CellsAround / PointsOfRow[Row]));

    private int Row => (_value - 1) / EquatorPoints;

    private int Column => (_value - 1) % EquatorPoints;

    public static int CellAt(int row, int column) => 1 + row * CellsAround + column;

    public static (int Row, int Column) RowAndColumnOf(int cell) => Math.DivRem(cell - 1, CellsAround);

    /// <summary>The middle of the region of a cell's grid points.</summary>
    public static GeoPoint MiddleOf(int cell) => new(
        Math.Min(90, (cell - 1) / CellsAround / 10.0 - 90 + 0.045),
        (cell - 1) % CellsAround / 10.0 - 180 + 0.05);

    private static int CountPoints(int row) =>
        Math.Max(1, (int)(EquatorPoints * Math.Cos(double.DegreesToRadians((row - 9_000) / 100.0))));
}
