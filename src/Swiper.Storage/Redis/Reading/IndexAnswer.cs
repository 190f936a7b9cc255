namespace Swiper.Storage.Redis.Reading;

/// <summary>What the index says, or that it can't be asked now (not there, or untrusted): then the truth has to be.</summary>
internal readonly record struct IndexAnswer<T>
{
    public IndexAnswer(T value)
    {
        Value = value;
        IsKnown = true;
    }

    public bool IsKnown { get; }

    /// <summary>Only where it is known.</summary>
    public T Value { get; }
}
