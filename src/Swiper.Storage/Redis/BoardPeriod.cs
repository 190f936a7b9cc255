using System.Globalization;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Redis;

/// <summary>
/// A board of all time, of one day or of one week (from Monday), in UTC; days are counted from the epoch, weeks from the Monday before
/// it.
/// </summary>
internal readonly record struct BoardPeriod(BoardName Name, long Number)
{
    // The epoch was a Thursday.
    private const int DaysFromMonday = 3;

    public static BoardPeriod Of(BoardName name, long at) => name switch
    {
        BoardName.All => new(name, 0),
        BoardName.Day => new(name, at / WireTime.DayMs),
        BoardName.Week => new(name, (at / WireTime.DayMs + DaysFromMonday) / 7),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Unknown board."),
    };

    /// <summary>The first millisecond that counts.</summary>
    public long From => Name switch
    {
        BoardName.All => long.MinValue,
        BoardName.Day => Number * WireTime.DayMs,
        _ => (Number * 7 - DaysFromMonday) * WireTime.DayMs,
    };

    /// <summary>When its keys expire: two periods after its end; 0 for never.</summary>
    public long Expires => Name switch
    {
        BoardName.All => 0,
        BoardName.Day => (Number + 3) * WireTime.DayMs,
        _ => ((Number + 3) * 7 - DaysFromMonday) * WireTime.DayMs,
    };

    /// <summary>The suffix of its keys.</summary>
    public override string ToString() => Name switch
    {
        BoardName.All => "all",
        BoardName.Day => string.Create(CultureInfo.InvariantCulture, $"day:{Number}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"week:{Number}"),
    };
}
