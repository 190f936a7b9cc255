using System.Numerics;

namespace Swiper.Storage.Indexes;

/// <summary>
/// Maps uids to slots. Entries are never removed; readers take no lock and see an entry once <see cref="Add"/> has returned; writers are
/// serialized.
/// </summary>
internal sealed class UidMap
{
    private readonly Lock _writing = new();
    private Table _table;
    private int _count;

    public UidMap(int capacity = 1024) => _table = new Table(BitOperations.Log2((uint)Math.Max(capacity, 8) * 4 / 3) + 1);

    public int Count => Volatile.Read(ref _count);

    public bool TryGet(long uid, out int slot) => Volatile.Read(ref _table).TryGet(uid, out slot);

    /// <summary>Adds the uid; false, without a change, if it is known. Zero is not a uid.</summary>
    public bool Add(long uid, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfZero(uid);
        lock (_writing)
        {
            if (_table.TryGet(uid, out _))
                return false;
            if ((_count + 1) * 4L > _table.Capacity * 3L)
                Volatile.Write(ref _table, _table.Doubled());
            _table.Insert(uid, slot);
            Volatile.Write(ref _count, _count + 1);
            return true;
        }
    }

    /// <summary>Open addressing with linear probing; a key of zero is an empty place.</summary>
    private sealed class Table(int bits)
    {
        private readonly long[] _uids = new long[1 << bits];
        private readonly int[] _slots = new int[1 << bits];
        private readonly int _shift = 64 - bits;

        public int Capacity => _uids.Length;

        public bool TryGet(long uid, out int slot)
        {
            var mask = _uids.Length - 1;
            for (var i = Home(uid); ; i = (i + 1) & mask)
            {
                var found = Volatile.Read(ref _uids[i]);
                if (found == 0)
                    break;
                if (found == uid)
                {
                    slot = _slots[i];
                    return true;
                }
            }
            slot = -1;
            return false;
        }

        public void Insert(long uid, int slot)
        {
            var mask = _uids.Length - 1;
            var i = Home(uid);
            while (_uids[i] != 0)
                i = (i + 1) & mask;
            // The slot goes first: a reader that sees the uid sees its slot.
            _slots[i] = slot;
            Volatile.Write(ref _uids[i], uid);
        }

        public Table Doubled()
        {
            var doubled = new Table(64 - _shift + 1);
            for (var i = 0; i < _uids.Length; i++)
            {
                if (_uids[i] != 0)
                    doubled.Insert(_uids[i], _slots[i]);
            }
            return doubled;
        }

        private int Home(long uid) => (int)(((ulong)uid * 0x9E37_79B9_7F4A_7C15UL) >> _shift);
    }
}
