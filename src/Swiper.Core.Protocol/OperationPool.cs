using System.Diagnostics.CodeAnalysis;

namespace Swiper.Core.Protocol;

/// <summary>Pools finished operations, so that requests in the steady state allocate none. Thread-safe.</summary>
/// <param name="capacity">Operations kept at most; the rest is left to the garbage collector.</param>
public sealed class OperationPool<T>(int capacity = 8192)
    where T : class
{
    private readonly Lock _gate = new();
    private T?[] _unused = new T?[Math.Min(capacity, 16)];
    private int _count;

    public bool TryRent([NotNullWhen(true)] out T? operation)
    {
        lock (_gate)
        {
            if (_count == 0)
            {
                operation = null;
                return false;
            }
            operation = _unused[--_count]!;
            _unused[_count] = null;
            return true;
        }
    }

    public void Return(T operation)
    {
        lock (_gate)
        {
            if (_count == capacity)
                return;
            if (_count == _unused.Length)
                Array.Resize(ref _unused, Math.Min(capacity, _count * 2));
            _unused[_count++] = operation;
        }
    }
}
