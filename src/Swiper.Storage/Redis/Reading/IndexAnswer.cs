namespace Swiper.Storage.Redis.Reading;

/// <summary>An answer of the index, or unknown (unreachable or untrusted): then fall back to the truth.</summary>
internal readonly record struct IndexAnswer<T>
{
    public IndexAnswer(T value)
    {
        Value = value;
        IsKnown = true;
    }

    public bool IsKnown { get; }

    /// <summary>Only valid if known.</summary>
    public T Value { get; }
}
