using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Swiper.Storage.MySql;

/// <summary>
/// One statement of one connection with its parameters @p0 to @pN. It is prepared when it first runs, and again where a parameter gets a value of
/// another type, because MySql.Data tells the server the types once, when it prepares.
/// </summary>
internal sealed class ShardStatement
{
    private readonly DbConnection _connection;
    private readonly string _sql;
    private readonly object[] _values;
    private readonly Type[] _types;

    // Whether a value is a box of our own. A number is written into that: a box each would be most of the garbage of a row.
    // The drivers read a value while they send it and keep none, so that nobody sees a box change.
    private readonly bool[] _boxed;
    private DbCommand? _prepared;

    public ShardStatement(DbConnection connection, string sql, int parameters)
    {
        _connection = connection;
        _sql = sql;
        _values = new object[parameters];
        _types = new Type[parameters];
        _boxed = new bool[parameters];
        Array.Fill(_values, DBNull.Value);
        Array.Fill(_types, typeof(long));
    }

    public int Parameters => _types.Length;

    public void Bind(int parameter, long number)
    {
        if (_boxed[parameter])
        {
            Unsafe.Unbox<long>(_values[parameter]) = number;
            return;
        }

        Put(parameter, number);
        _boxed[parameter] = true;
    }

    /// <summary>Null, whole numbers, booleans (as 0 and 1), double, string and byte[].</summary>
    public void Bind(ReadOnlySpan<object?> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Parameters);
        for (var i = 0; i < values.Length; i++)
        {
            _boxed[i] = false;
            Put(i, values[i] switch
            {
                null => DBNull.Value,
                bool yes => yes ? 1L : 0L,
                int or short or sbyte or byte or uint or ushort => Convert.ToInt64(values[i], null),
                var value => value,
            });
        }
    }

    /// <summary>The command with the values bound, prepared.</summary>
    public DbCommand Ready(int timeoutSeconds)
    {
        _prepared ??= Prepare(timeoutSeconds);
        _prepared.CommandTimeout = timeoutSeconds;
        return _prepared;
    }

    private DbCommand Prepare(int timeoutSeconds)
    {
        var command = _connection.CreateCommand();
        command.CommandText = _sql;
        command.CommandTimeout = timeoutSeconds;
        for (var i = 0; i < _values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = ParameterNames.Of(i);
            // NULL has no type.
            parameter.Value = _values[i] is DBNull ? SampleOf(_types[i]) : _values[i];
            command.Parameters.Add(parameter);
        }

        command.Prepare();
        for (var i = 0; i < _values.Length; i++)
            command.Parameters[i].Value = _values[i];
        return command;
    }

    private static object SampleOf(Type type) =>
        type == typeof(string) ? "" : type == typeof(byte[]) ? Array.Empty<byte>() : type == typeof(double) ? 0.0 : 0L;

    private void Put(int parameter, object value)
    {
        _values[parameter] = value;
        if (value is DBNull || value.GetType() == _types[parameter])
        {
            if (_prepared is not null)
                _prepared.Parameters[parameter].Value = value;
            return;
        }

        _types[parameter] = value.GetType();
        _prepared?.Dispose();
        _prepared = null;
    }
}
