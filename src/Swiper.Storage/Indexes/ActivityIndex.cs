namespace Swiper.Storage.Indexes;

/// <summary>
/// The hour in which each user was last active, by slot, counted from the Unix epoch. Takes no lock; of concurrent notes of one user
/// either may win, which differ by an hour at most.
/// </summary>
internal sealed class ActivityIndex
{
    private const long HourMs = 3_600_000;
    private const int HoursADay = 24;

    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly Lock _growing = new();
    private readonly ChunkedColumn<int> _hours = new();

    public static int HourOf(long ms) => (int)(ms / HourMs);

    /// <summary>When the hour of the last activity began, in milliseconds since the Unix epoch; 0 if none is on record.</summary>
    public long LastOf(int slot) => _hours.ValueOrDefault(slot) * HourMs;

    /// <summary>The hour that begins at 00:00 UTC.</summary>
    public static int FirstHourOf(DateOnly day) => (day.DayNumber - EpochDay) * HoursADay;

    /// <summary>Notes that a user was active in an hour; true if no activity in it or later was known.</summary>
    public bool Note(int slot, int hour)
    {
        if (_hours.ValueOrDefault(slot) >= hour)
            return false;
        lock (_growing)
            _hours.Ensure(slot) = hour;
        return true;
    }

    /// <summary>The hours from the last activity to the beginning of a day; null if no activity is on record.</summary>
    public int? HoursAway(int slot, int firstHourOfDay) =>
        _hours.ValueOrDefault(slot) is var hour && hour == 0 ? null : firstHourOfDay - hour;
}
