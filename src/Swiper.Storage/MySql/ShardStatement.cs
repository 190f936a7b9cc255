using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Swiper.Storage.MySql;

/// <summary>
/// One statement of one connection, prepared when it first runs. Its parameters are <c>?</c>, bound by their position, or <c>@p0</c> to
/// <c>@pN</c> where the text needs one of them more than once.
/// </summary>
/// <remarks>
/// Positions are the cheaper: with names the client looks each one up for every run, which is up to a fifth of a long insert's cost
/// there.
/// </remarks>
internal sealed class ShardStatement
{
    private readonly string _sql;
    private readonly object[] _values;

    // Whether a value is a box of our own. A number is written into that: a box each would be most of the garbage of a row.
    // The driver reads a value while it sends it and keeps none, so that nobody sees a box change.
    private readonly bool[] _boxed;
    private DbCommand? _prepared;

    public ShardStatement(string sql, int parameters)
    {
        _sql = sql;
        _values = new object[parameters];
        _boxed = new bool[parameters];
        Array.Fill(_values, DBNull.Value);
    }

    public int Parameters => _values.Length;

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

    /// <summary>The command with the values bound, prepared on this connection or already there.</summary>
    public DbCommand Ready(DbConnection connection, int timeoutSeconds)
    {
        if (_prepared is null)
        {
            var command = Create(connection, timeoutSeconds);
            command.Prepare();
            _prepared = command;
        }

        _prepared.CommandTimeout = timeoutSeconds;
        return _prepared;
    }

    /// <inheritdoc cref="Ready"/>
    public async ValueTask<DbCommand> ReadyAsync(DbConnection connection, int timeoutSeconds)
    {
        if (_prepared is null)
        {
            var command = Create(connection, timeoutSeconds);
            await command.PrepareAsync().ConfigureAwait(false);
            _prepared = command;
        }

        _prepared.CommandTimeout = timeoutSeconds;
        return _prepared;
    }

    /// <summary>The connection is gone, and with it what was prepared. The values stay.</summary>
    public void Forget() => _prepared = null;

    private DbCommand Create(DbConnection connection, int timeoutSeconds)
    {
        var command = connection.CreateCommand();
        command.CommandText = _sql;
        command.CommandTimeout = timeoutSeconds;
        var named = _sql.Contains("@p0", StringComparison.Ordinal);
        for (var i = 0; i < _values.Length; i++)
        {
            var parameter = command.CreateParameter();
            if (named)
                parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{i}");
            parameter.Value = _values[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private void Put(int parameter, object value)
    {
        _values[parameter] = value;
        if (_prepared is not null)
            _prepared.Parameters[parameter].Value = value;
    }
}
