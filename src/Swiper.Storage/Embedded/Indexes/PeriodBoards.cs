using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// The boards of equally long periods, such as days: that of the current period, which starts empty, and that of the period the clock was
/// in before. So a clock that jumped and was corrected finds its old board. Thread-safe.
/// </summary>
internal sealed class PeriodBoards
{
    private readonly long _origin;
    private readonly long _length;
    private readonly Lock _turning = new();
    // In no order: only their periods tell them apart.
    private readonly Board[] _boards;
    private Period _current;
    private Period _other;

    /// <param name="people">The users that can be ranked.</param>
    /// <param name="origin">The beginning of any one period, in milliseconds since the Unix epoch.</param>
    /// <param name="length">In milliseconds.</param>
    public PeriodBoards(PeopleIndex people, long origin, long length)
    {
        (_origin, _length) = (origin, length);
        _boards = [new Board(people), new Board(people)];
        _current = new Period(_boards[0], long.MinValue);
        _other = new Period(_boards[1], long.MinValue);
        // Until the clock has been read, nothing counts.
        foreach (var board in _boards)
            board.StartPeriod(0, 0);
    }

    /// <summary>The board of the period that contains the time.</summary>
    public Board At(long now)
    {
        var number = (now - _origin) / _length;
        var current = Volatile.Read(ref _current);
        return current.Number == number ? current.Board : TurnTo(number);
    }

    /// <summary>Applies each change to the board whose period contains its time.</summary>
    // A board checks changes against its period under its lock, so a change that races with a new period never counts in the wrong one.
    public void Apply(ReadOnlySpan<ScoreChange> changes)
    {
        foreach (var board in _boards)
            board.ApplyBatch(changes);
    }

    /// <inheritdoc cref="Board.StartLoad"/>
    public void StartLoad()
    {
        foreach (var board in _boards)
            board.StartLoad();
    }

    /// <inheritdoc cref="Board.FinishLoad"/>
    public void FinishLoad()
    {
        foreach (var board in _boards)
            board.FinishLoad();
    }

    private Board TurnTo(long number)
    {
        lock (_turning)
        {
            if (_current.Number == number)
                return _current.Board;
            var next = _other;
            if (next.Number != number)
            {
                next = new Period(next.Board, number);
                next.Board.StartPeriod(_origin + number * _length, _origin + (number + 1) * _length);
            }
            _other = _current;
            Volatile.Write(ref _current, next);
            return next.Board;
        }
    }

    private sealed record Period(Board Board, long Number);
}
