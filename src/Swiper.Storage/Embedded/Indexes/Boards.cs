using Swiper.Core.Ranking;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>
/// The boards of all time, of this day and of this ISO week (from Monday), in UTC. A board of a period starts empty when the clock
/// enters it. Any thread may call it.
/// </summary>
internal sealed class Boards
{
    private const long DayMs = 86_400_000;
    private const long WeekMs = 7 * DayMs;
    // The epoch was a Thursday.
    private const long FirstMondayMs = -3 * DayMs;

    private readonly TimeProvider _time;
    private readonly Lock _rolling = new();
    private readonly Board _all;
    private readonly Board _day;
    private readonly Board _week;
    private long _dayEnd = long.MinValue;
    private long _weekEnd = long.MinValue;

    public Boards(PeopleIndex people, TimeProvider time)
    {
        _time = time;
        _all = new Board(people);
        _day = new Board(people);
        _week = new Board(people);
        RollOver();
    }

    /// <summary>The board of the period that the clock is in now.</summary>
    public Board this[BoardName period]
    {
        get
        {
            RollOver();
            return period switch
            {
                BoardName.All => _all,
                BoardName.Day => _day,
                BoardName.Week => _week,
                _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Not a board."),
            };
        }
    }

    /// <summary>
    /// Applies each change to the boards whose period holds its time. What takes a swipe back carries the time of that swipe: it
    /// then counts on the very boards that the swipe counted on.
    /// </summary>
    public void Apply(ReadOnlySpan<ScoreChange> changes)
    {
        RollOver();
        _all.ApplyBatch(changes);
        _day.ApplyBatch(changes);
        _week.ApplyBatch(changes);
    }

    /// <inheritdoc cref="Board.StartLoad"/>
    public void StartLoad()
    {
        _all.StartLoad();
        _day.StartLoad();
        _week.StartLoad();
    }

    /// <inheritdoc cref="Board.FinishLoad"/>
    public void FinishLoad()
    {
        _all.FinishLoad();
        _day.FinishLoad();
        _week.FinishLoad();
    }

    // A board tests a change against its own period under its own lock, so a change that meets a roll-over is never counted in
    // the wrong period.
    private void RollOver()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        // The day's end is enough: a week ends with a day.
        if (now < Volatile.Read(ref _dayEnd))
            return;
        lock (_rolling)
        {
            if (now >= _weekEnd)
                _weekEnd = Start(_week, now, FirstMondayMs, WeekMs);
            if (now >= _dayEnd)
                Volatile.Write(ref _dayEnd, Start(_day, now, 0, DayMs));
        }
    }

    private static long Start(Board board, long now, long origin, long length)
    {
        var from = now - (now - origin) % length;
        board.StartPeriod(from, from + length);
        return from + length;
    }
}
