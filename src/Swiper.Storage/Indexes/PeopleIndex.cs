using Swiper.Core.Accounts;

namespace Swiper.Storage.Indexes;

/// <summary>
/// All users: assigns each a dense slot, from 0, which all other indexes use. Users are never removed. Readers take no lock; writers are
/// serialized. A concurrent reader sees no torn fields, but may see one field new and another still old.
/// </summary>
internal sealed class PeopleIndex
{
    /// <summary>Slots fit in 30 bits: the sets of swipes keep the kind in the other two.</summary>
    public const int MaxSlot = (1 << 30) - 1;

    private readonly Lock _writing = new();
    private readonly UidMap _slots = new();
    private readonly ChunkedColumn<long> _uids = new();
    private readonly ChunkedColumn<Sex> _sexes = new();
    private readonly ChunkedColumn<int> _birthdays = new();
    private readonly ChunkedColumn<GridPlace> _places = new();
    private readonly ChunkedColumn<int> _locations = new();
    private readonly ChunkedColumn<bool> _out = new();
    private int _count;

    public LocationTexts Locations { get; } = new();

    public int Count => Volatile.Read(ref _count);

    public bool TryGetSlot(long uid, out int slot) => _slots.TryGet(uid, out slot);

    public long UidOf(int slot) => _uids[slot];

    public Person this[int slot] => new(_sexes[slot], _birthdays[slot], _places[slot], _locations[slot]) { IsOut = _out[slot] };

    /// <summary>Adds a user and returns the slot; for a known user the existing slot, without a change.</summary>
    public int Add(long uid, in Person person)
    {
        lock (_writing)
        {
            if (_slots.TryGet(uid, out var known))
                return known;
            var slot = _count;
            if (slot > MaxSlot)
                throw new InvalidOperationException("The directory is full.");
            _uids.Ensure(slot) = uid;
            Write(slot, person);
            Volatile.Write(ref _count, slot + 1);
            // Last: a reader that finds the slot finds its columns written.
            _slots.Add(uid, slot);
            return slot;
        }
    }

    public void Update(int slot, in Person person)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        lock (_writing)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, _count);
            Write(slot, person);
        }
    }

    private void Write(int slot, in Person person)
    {
        _sexes.Ensure(slot) = person.Sex;
        _birthdays.Ensure(slot) = person.Birthday;
        _places.Ensure(slot) = person.Place;
        _locations.Ensure(slot) = person.Location;
        _out.Ensure(slot) = person.IsOut;
    }
}
