namespace Swiper.Storage.MySql;

/// <summary>Rows of numbers of equal width, contiguous in one array that only grows.</summary>
internal sealed class NumberRows(int columns) : IComparer<int>
{
    private long[] _numbers = new long[columns * 64];
    private int[] _order = new int[64];
    private int _keyColumns;

    public int Columns { get; } = columns;

    public int Count { get; private set; }

    public void Add(ReadOnlySpan<long> row)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, Columns);
        if (Count == _order.Length)
        {
            Array.Resize(ref _numbers, _numbers.Length * 2);
            Array.Resize(ref _order, _order.Length * 2);
        }

        row.CopyTo(_numbers.AsSpan(Count * Columns));
        _order[Count] = Count;
        Count++;
    }

    /// <summary>The row at a position of the sorted order.</summary>
    public ReadOnlySpan<long> At(int place) => _numbers.AsSpan(_order[place] * Columns, Columns);

    /// <summary>Sorts the rows by their first columns; the sort is stable.</summary>
    public void Sort(int keyColumns)
    {
        _keyColumns = keyColumns;
        _order.AsSpan(0, Count).Sort(this);
    }

    public void Clear() => Count = 0;

    int IComparer<int>.Compare(int x, int y)
    {
        var order = _numbers.AsSpan(x * Columns, _keyColumns).SequenceCompareTo(_numbers.AsSpan(y * Columns, _keyColumns));
        return order != 0 ? order : x.CompareTo(y);
    }
}
