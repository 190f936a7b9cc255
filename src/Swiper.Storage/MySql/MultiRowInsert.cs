using System.Text;

namespace Swiper.Storage.MySql;

/// <summary>
/// An INSERT of many rows of numbers: they are collected, then sent in few statements of few distinct sizes, so that few are prepared.
/// </summary>
/// <remarks>
/// Prepared statements, because formatting the numbers into SQL is slower and allocates more; <c>MultiRowInsertBenchmarks</c> measure
/// both.
/// </remarks>
/// <param name="head">Up to and including VALUES.</param>
/// <param name="columns">How many numbers a row has.</param>
/// <param name="tail">What follows the rows, such as " ON DUPLICATE KEY UPDATE uid = uid".</param>
/// <param name="keyColumns">
/// If not 0, rows are sorted by that many first columns. In primary key order, hosts that write the same rows lock them in the same order
/// and don't deadlock. Rows with the same key keep the order in which they were added.
/// </param>
internal sealed class MultiRowInsert(string head, int columns, string tail = "", int keyColumns = 0)
{
    /// <summary>More rows per statement gain nothing measurable.</summary>
    public const int MostRows = 256;

    // Up to this many rows are one statement; more are a multiple of it and the rest. So any batch of up to MostRows takes two round
    // trips, with 31 statements to prepare. Powers of two would need nine, but up to eight round trips.
    private const int Step = 16;

    private readonly NumberRows _rows = new(columns);
    private readonly string?[] _sql = new string?[MostRows + 1];

    public int Count => _rows.Count;

    public void Add(params ReadOnlySpan<long> row) => _rows.Add(row);

    /// <summary>
    /// Sends the rows and clears them. Returns the affected rows: 1 for each inserted, 2 for each changed, 0 for each left unchanged.
    /// </summary>
    public int Execute(ShardConnection connection)
    {
        var affected = 0;
        try
        {
            if (keyColumns > 0)
                _rows.Sort(keyColumns);
            for (var sent = 0; sent < _rows.Count;)
            {
                var rows = RowsOfNext(_rows.Count - sent);
                var statement = connection.Statement(_sql[rows] ??= Sql(rows), columns * rows);
                for (int end = sent + rows, parameter = 0; sent < end; sent++)
                {
                    foreach (var number in _rows.At(sent))
                        statement.Bind(parameter++, number);
                }

                affected += connection.Execute(statement);
            }
        }
        finally
        {
            _rows.Clear();
        }

        return affected;
    }

    public void Clear() => _rows.Clear();

    private static int RowsOfNext(int left) => left >= MostRows ? MostRows : left >= Step ? left - left % Step : left;

    private string Sql(int rows)
    {
        var sql = new StringBuilder(head);
        for (var i = 0; i < rows * columns; i++)
            sql.Append(i % columns != 0 ? ", ?" : i == 0 ? " (?" : "), (?");
        return sql.Append(')').Append(tail).ToString();
    }
}
