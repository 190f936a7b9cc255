using System.Data.Common;
using System.Runtime.CompilerServices;

namespace Swiper.Storage.MySql;

/// <summary>One statement prepared on one connection, with its parameters @p0 to @pN.</summary>
internal sealed class ShardStatement
{
    private readonly DbParameter[] _parameters;

    // A number is written into the box that its parameter holds already: a box each would be most of the garbage of a row.
    // The drivers read a value while they send it and keep none, so that nobody sees a box change.
    private readonly object?[] _boxes;

    public ShardStatement(DbCommand command)
    {
        Command = command;
        _parameters = new DbParameter[command.Parameters.Count];
        _boxes = new object?[_parameters.Length];
        for (var i = 0; i < _parameters.Length; i++)
            _parameters[i] = command.Parameters[i];
    }

    public DbCommand Command { get; }

    public int Parameters => _parameters.Length;

    public void Bind(int parameter, long number)
    {
        ref var box = ref _boxes[parameter];
        if (box is null)
            _parameters[parameter].Value = box = number;
        else
            Unsafe.Unbox<long>(box) = number;
    }

    /// <summary>Binds values of the types that it was prepared for.</summary>
    public void Bind(ReadOnlySpan<object?> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, _parameters.Length);
        for (var i = 0; i < values.Length; i++)
        {
            _parameters[i].Value = ParameterTypes.Widen(values[i]);
            _boxes[i] = null;
        }
    }
}
