using System.Runtime.InteropServices;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// Users ranked by score (highest first), then by who reached it first, then by uid. Only changes made within the board's period count; a
/// user whose score is zero is not ranked. Thread-safe.
/// </summary>
internal sealed class Board(PeopleIndex people)
{
    private readonly Lock _lock = new();
    private readonly RankedBlocks _ranked = new(people);
    private readonly ChunkedColumn<Standing> _standings = new();
    private long _from = long.MinValue;
    private long _until = long.MaxValue;
    private bool _loading;

    /// <summary>The number of ranked users.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _ranked.Count;
        }
    }

    /// <summary>Clears the board and sets its period, from a time inclusive to another exclusive.</summary>
    public void StartPeriod(long from, long until)
    {
        lock (_lock)
        {
            Empty();
            _from = from;
            _until = until;
        }
    }

    public void Clear()
    {
        lock (_lock)
            Empty();
    }

    public void Add(int slot, int delta, long at) => ApplyBatch([new ScoreChange(slot, delta, at)]);

    /// <summary>Applies changes atomically for readers.</summary>
    public void ApplyBatch(ReadOnlySpan<ScoreChange> changes)
    {
        lock (_lock)
        {
            foreach (ref readonly var change in changes)
            {
                if (change.At < _from || change.At >= _until)
                    continue;
                ref var standing = ref _standings.Ensure(change.Slot);
                if (IsRanked(standing))
                    _ranked.Remove(standing.Of(change.Slot));
                standing.Add(change);
                if (IsRanked(standing))
                    _ranked.Insert(standing.Of(change.Slot));
            }
        }
    }

    /// <summary>Begins a rebuild: until <see cref="FinishLoad"/> changes are summed up and nobody is ranked.</summary>
    public void StartLoad()
    {
        lock (_lock)
        {
            _ranked.Clear();
            _loading = true;
        }
    }

    /// <summary>Ranks everyone by one sort.</summary>
    public void FinishLoad()
    {
        lock (_lock)
        {
            _loading = false;
            var ranked = new List<Ranked>();
            var first = 0;
            foreach (var chunk in _standings.Chunks)
            {
                for (var i = 0; chunk is not null && i < chunk.Length; i++)
                {
                    if (chunk[i].Score != 0)
                        ranked.Add(chunk[i].Of(first + i));
                }
                first += ChunkedColumn<Standing>.ChunkSize;
            }
            _ranked.Load(CollectionsMarshal.AsSpan(ranked));
        }
    }

    /// <summary>The rank from 1, or false if the user is not ranked.</summary>
    public bool TryGetRank(int slot, out int rank, out int score)
    {
        lock (_lock)
        {
            var standing = _standings.ValueOrDefault(slot);
            var isRanked = IsRanked(standing);
            score = isRanked ? standing.Score : 0;
            rank = isRanked ? _ranked.IndexOf(standing.Of(slot)) + 1 : 0;
            return isRanked;
        }
    }

    /// <summary>The score, 0 for who is not ranked. Takes no lock, and may be asked while scores change: decks ask for hundreds.</summary>
    public int ScoreOf(int slot) => _standings.ValueOrDefault(slot).Score;

    /// <summary>Copies the top of the board, as many entries as fit; returns how many.</summary>
    public int Top(Span<BoardEntry> into)
    {
        lock (_lock)
            return _ranked.CopyTo(0, into);
    }

    /// <summary>
    /// Copies a window of the span's length with the user in the middle, shifted inwards at the ends of the board; returns how many
    /// entries it holds and the rank of the first, 0 if the user is not ranked.
    /// </summary>
    public int Around(int slot, Span<BoardEntry> into, out int firstRank)
    {
        lock (_lock)
        {
            var standing = _standings.ValueOrDefault(slot);
            firstRank = 0;
            if (!IsRanked(standing) || into.IsEmpty)
                return 0;
            var first = _ranked.IndexOf(standing.Of(slot)) - into.Length / 2;
            first = Math.Max(0, Math.Min(first, _ranked.Count - into.Length));
            firstRank = first + 1;
            return _ranked.CopyTo(first, into);
        }
    }

    private bool IsRanked(in Standing standing) => standing.Score != 0 && !_loading;

    private void Empty()
    {
        _ranked.Clear();
        _standings.Clear();
    }

    // The time is kept when the score drops to zero, so that the standing doesn't depend on the order in which changes arrive.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Standing
    {
        public int Score;
        private long _reachedAt;

        public void Add(in ScoreChange change)
        {
            Score += change.Delta;
            _reachedAt = Math.Max(_reachedAt, change.At);
        }

        public readonly Ranked Of(int slot) => new(Score, slot, _reachedAt);
    }
}
