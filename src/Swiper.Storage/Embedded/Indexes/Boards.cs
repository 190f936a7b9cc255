using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Storage.Indexes;

namespace Swiper.Storage.Embedded.Indexes;

/// <summary>The boards of all time, of this day and of this ISO week (from Monday), in UTC. Thread-safe.</summary>
internal sealed class Boards
{
    // The epoch was a Thursday.
    private const long FirstMondayMs = -3 * WireTime.DayMs;

    private readonly TimeProvider _time;
    private readonly Board _all;
    private readonly PeriodBoards _days;
    private readonly PeriodBoards _weeks;

    public Boards(PeopleIndex people, TimeProvider time)
    {
        _time = time;
        _all = new Board(people);
        _days = new PeriodBoards(people, origin: 0, WireTime.DayMs);
        _weeks = new PeriodBoards(people, FirstMondayMs, 7 * WireTime.DayMs);
        TurnToNow();
    }

    /// <summary>The board of the current period.</summary>
    public Board this[BoardName period] => period switch
    {
        BoardName.All => _all,
        BoardName.Day => _days.At(_time.NowMs()),
        BoardName.Week => _weeks.At(_time.NowMs()),
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Unknown board."),
    };

    /// <summary>
    /// Applies each change to the boards whose period contains its time. Taking a swipe back carries the time of that swipe, and so counts
    /// on the same boards.
    /// </summary>
    public void Apply(ReadOnlySpan<ScoreChange> changes)
    {
        TurnToNow();
        _all.ApplyBatch(changes);
        _days.Apply(changes);
        _weeks.Apply(changes);
    }

    /// <inheritdoc cref="Board.StartLoad"/>
    public void StartLoad()
    {
        _all.StartLoad();
        _days.StartLoad();
        _weeks.StartLoad();
    }

    /// <inheritdoc cref="Board.FinishLoad"/>
    public void FinishLoad()
    {
        _all.FinishLoad();
        _days.FinishLoad();
        _weeks.FinishLoad();
    }

    // A period must begin before changes in it are counted.
    private void TurnToNow()
    {
        var now = _time.NowMs();
        _days.At(now);
        _weeks.At(now);
    }
}
