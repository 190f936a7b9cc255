namespace Swiper.Storage.Tests.Contract;

/// <summary>Goes on from noon of this day, and may be set ahead and put right again; what waits goes by real time.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private readonly DateTimeOffset _noon = new(DateTime.UtcNow.Date.AddHours(12), TimeSpan.Zero);
    private readonly long _began = System.GetTimestamp();
    private long _aheadTicks;

    public TimeSpan Ahead
    {
        get => new(Volatile.Read(ref _aheadTicks));
        set => Volatile.Write(ref _aheadTicks, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => _noon + System.GetElapsedTime(_began) + Ahead;
}
