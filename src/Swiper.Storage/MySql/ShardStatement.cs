using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Swiper.Storage.MySql;

/// <summary>
/// One statement of one connection, prepared on first use. Its parameters are <c>?</c>, bound by position, or <c>@p0</c> to <c>@pN</c> if
/// the text uses one more than once.
/// </summary>
/// <remarks>
/// Positions are cheaper: named parameters are looked up for every run, which is up to a fifth of a long insert's cost in the client.
/// </remarks>
internal sealed class ShardStatement
{
    private readonly string _sql;
    private readonly object[] _values;

    // Whether a value is one of our own boxes, which is reused for numbers: a new box each would be most of a row's garbage. Safe, because
    // the driver reads values while it sends them and keeps none.
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

    /// <summary>Null, whole numbers, booleans (as 0 and 1), double, string, byte[] and memory of bytes.</summary>
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

    /// <summary>The command with the values bound, prepared on this connection if it is not yet.</summary>
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

    /// <summary>The connection is gone, and with it the prepared statement. The values stay.</summary>
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
