namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// The read connections of one shard, each with its prepared statements in a <typeparamref name="TReader"/>. Any thread rents
/// one for a short read; where all are out it waits until one is back, but not for ever: the disk may hang.
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

    /// <param name="path">A shard file that its writer has opened before.</param>
    /// <param name="size">How many threads may read at once.</param>
    /// <param name="prepare">Prepares the statements of one connection.</param>
    /// <param name="patience">How long a reader is waited for.</param>
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
    /// Takes a reader until the lease is disposed; a thread that holds one may rent another only where there are more than threads that
    /// do so.
    /// </summary>
    /// <exception cref="TimeoutException">All have been out for too long.</exception>
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
            // The last one returned: its pages are the warmest.
            return new Lease(this, _free[--_count]);
        }
    }

    /// <summary>Waits for the readers that are out, then closes all but those that do not come back: the process ends soon.</summary>
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
        // What the borrower left unread would hold its snapshot, and with it the log, for ever.
        slot.Connection.ResetStatements();
        lock (_gate)
        {
            _free[_count++] = slot;
            // All: one who disposes may wait beside one who rents.
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
