namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// The pool of read connections of one shard, each with its prepared statements in a <typeparamref name="TReader"/>. Any thread rents one
/// for a short read; if all are rented it waits for one, with a bound, because the disk may hang.
/// </summary>
internal sealed class SqliteReaders<TReader> : IDisposable
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly TimeSpan _patience;
    private readonly Slot[] _free;
    private readonly int _size;
    private int _count;
    private bool _disposed;

    /// <param name="path">A shard file that its writer has already opened.</param>
    /// <param name="size">How many threads can read at once.</param>
    /// <param name="prepare">Prepares the statements of one connection.</param>
    /// <param name="patience">The longest wait for a reader.</param>
    /// <exception cref="SqliteException">The file can't be opened.</exception>
    public SqliteReaders(string path, int size, Func<SqliteConnection, TReader> prepare, TimeSpan? patience = null)
    {
        _patience = patience ?? DefaultPatience;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _size = size;
        _free = new Slot[size];
        try
        {
            for (; _count < size; _count++)
            {
                var connection = SqliteConnection.OpenReader(path);
                _free[_count].Connection = connection;
                _free[_count].Reader = prepare(connection);
            }
        }
        catch
        {
            foreach (var slot in _free)
                slot.Connection?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Rents a reader until the lease is disposed. A thread that holds one may rent another only if there are more readers than such
    /// threads.
    /// </summary>
    /// <exception cref="TimeoutException">All readers have been rented for too long.</exception>
    public Lease Rent()
    {
        lock (_gate)
        {
            while (_count == 0 && !_disposed)
            {
                if (!Monitor.Wait(_gate, _patience) && _count == 0 && !_disposed)
                    throw new TimeoutException("All readers of the shard are in use.");
            }
            ObjectDisposedException.ThrowIf(_disposed, this);
            // The most recently returned one has the warmest page cache.
            return new Lease(this, _free[--_count]);
        }
    }

    /// <summary>Waits for rented readers, then closes all but those that are not returned: the process ends soon.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            Monitor.PulseAll(_gate);
            while (_count < _size && Monitor.Wait(_gate, _patience))
            {
            }

            foreach (var slot in _free.AsSpan(0, _count))
                slot.Connection.Dispose();
        }
    }

    private void Return(Slot slot)
    {
        // An unfinished statement would hold its snapshot, and keep the WAL from being reset, for ever.
        slot.Connection.ResetStatements();
        lock (_gate)
        {
            _free[_count++] = slot;
            // All waiters, because both a disposer and a renter may be waiting.
            if (_disposed)
                Monitor.PulseAll(_gate);
            else
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>A rented reader; disposing returns it.</summary>
    public readonly ref struct Lease
    {
        private readonly SqliteReaders<TReader> _owner;
        private readonly Slot _slot;

        internal Lease(SqliteReaders<TReader> owner, Slot slot)
        {
            _owner = owner;
            _slot = slot;
        }

        public TReader Reader => _slot.Reader;

        public void Dispose() => _owner.Return(_slot);
    }

    internal struct Slot
    {
        public SqliteConnection Connection;
        public TReader Reader;
    }
}
