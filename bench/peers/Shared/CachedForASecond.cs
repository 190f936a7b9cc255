namespace Swiper.Peers;

/// <summary>
/// A value recomputed at most once a second, by one of its readers, as Swiper does with the top of its boards.
/// </summary>
internal sealed class CachedForASecond<T>(Func<T> make)
    where T : class
{
    private const long Milliseconds = 1000;

    private readonly Lock _making = new();
    private T _value = make();
    private long _expires = Environment.TickCount64 + Milliseconds;

    public T Value
    {
        get
        {
            // Readers that find it being recomputed take the old value instead of waiting.
            if (Environment.TickCount64 >= Volatile.Read(ref _expires) && _making.TryEnter())
            {
                try
                {
                    Volatile.Write(ref _value, make());
                    Volatile.Write(ref _expires, Environment.TickCount64 + Milliseconds);
                }
                finally
                {
                    _making.Exit();
                }
            }
            return Volatile.Read(ref _value);
        }
    }
}
