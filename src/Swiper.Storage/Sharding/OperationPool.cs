namespace Swiper.Storage.Sharding;

/// <summary>
/// Operations that are between two uses. They are rented on connection threads and come back on lane threads, which is why
/// the pool is one shared stack rather than one a thread.
/// </summary>
internal sealed class OperationPool<T>(int capacity)
    where T : class
{
    private readonly Lock _gate = new();
    private readonly T?[] _items = new T?[capacity];
    private int _count;

    public T? TryRent()
    {
        lock (_gate)
        {
            if (_count == 0)
                return null;
            var item = _items[--_count];
            _items[_count] = null;
            return item;
        }
    }

    /// <summary>Keeps the item, or leaves it to the collector where the pool is full.</summary>
    public void Return(T item)
    {
        lock (_gate)
        {
            if (_count < _items.Length)
                _items[_count++] = item;
        }
    }
}
