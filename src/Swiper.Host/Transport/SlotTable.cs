using System.Diagnostics.CodeAnalysis;

namespace Swiper.Host.Transport;

/// <summary>
/// Items by numbers that an epoll event can carry. A number holds a slot, which is used again, and how often it was: an event for an
/// item that has gone finds nothing. Numbers have 63 bits.
/// </summary>
internal sealed class SlotTable<T>
    where T : class
{
    private const int InitialSlots = 64;

    private readonly Stack<int> _free = new();
    private T?[] _items = new T[InitialSlots];
    private uint[] _uses = new uint[InitialSlots];
    private int _used;

    public int Count => _used - _free.Count;

    public ulong Add(T item)
    {
        if (!_free.TryPop(out var slot))
        {
            slot = _used++;
            if (slot == _items.Length)
            {
                Array.Resize(ref _items, slot * 2);
                Array.Resize(ref _uses, slot * 2);
            }
        }
        _items[slot] = item;
        return (ulong)_uses[slot] << 32 | (uint)slot;
    }

    public bool TryFind(ulong number, [NotNullWhen(true)] out T? item)
    {
        var slot = (uint)number;
        item = slot < (uint)_used && _uses[slot] == (uint)(number >> 32) ? _items[slot] : null;
        return item is not null;
    }

    public void Remove(ulong number)
    {
        if (!TryFind(number, out _))
            return;
        var slot = (int)(uint)number;
        _items[slot] = null;
        _uses[slot] = (_uses[slot] + 1) & int.MaxValue;
        _free.Push(slot);
    }

    public IReadOnlyList<T> All() => [.. _items.OfType<T>()];
}
