using System.Data.Common;
using System.Numerics;
using System.Text;

namespace Swiper.Storage.MySql;

/// <summary>
/// A SELECT of many keys of numbers at once: they are collected, then asked for in statements of a power of two of them, the
/// last one filled up by repeating its last key. Rows come in no order and once each statement, whatever was asked twice.
/// </summary>
/// <param name="head">Up to and including IN.</param>
/// <param name="columns">The numbers of a key.</param>
/// <param name="tail">What follows the keys.</param>
internal sealed class KeyedSelect(string head, int columns, string tail = "")
{
    /// <summary>
    /// MariaDB makes a subquery of an IN of 1,000 values and more (in_predicate_conversion_threshold), and MySQL stops counting rows
    /// in the index from 200 ranges on (eq_range_index_dive_limit): both keep using the primary key at this many.
    /// </summary>
    public const int MostKeys = 256;

    private readonly NumberRows _keys = new(columns);
    private readonly string?[] _sql = new string?[BitOperations.Log2(MostKeys) + 1];

    public int Count => _keys.Count;

    public void Add(params ReadOnlySpan<long> key) => _keys.Add(key);

    /// <summary>Asks for the keys, calls back for every row found, and is empty again.</summary>
    public void Execute(ShardConnection connection, Action<DbDataReader> row) => Execute(connection, row, static (reader, row) => row(reader));

    /// <inheritdoc cref="Execute(ShardConnection, Action{DbDataReader})"/>
    public void Execute<TState>(ShardConnection connection, TState state, Action<DbDataReader, TState> row)
    {
        try
        {
            for (var asked = 0; asked < _keys.Count;)
            {
                var keys = Math.Min(MostKeys, _keys.Count - asked);
                var power = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)keys));
                var statement = connection.Statement(_sql[power] ??= Sql(1 << power), columns << power);
                for (int i = 0, parameter = 0; i < 1 << power; i++)
                {
                    foreach (var number in _keys.At(asked + Math.Min(i, keys - 1)))
                        statement.Bind(parameter++, number);
                }

                asked += keys;
                connection.Query(statement, state, row);
            }
        }
        finally
        {
            _keys.Clear();
        }
    }

    public void Clear() => _keys.Clear();

    // One column needs no tuples, and (uid) IN ((1), (2)) is not understood by every optimiser.
    private string Sql(int keys) => columns == 1
        ? new StringBuilder(head).Append(' ').AppendTuples(1, keys).Append(tail).ToString()
        : new StringBuilder(head).Append(" (").AppendTuples(keys, columns).Append(')').Append(tail).ToString();
}
