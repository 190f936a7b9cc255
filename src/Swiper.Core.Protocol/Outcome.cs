namespace Swiper.Core.Protocol;

/// <summary>A value, or why there is none.</summary>
public readonly struct Outcome<T>
{
    private Outcome(T value, Failure failure)
    {
        Value = value;
        Failure = failure;
    }

    /// <summary>Meaningful only if <see cref="IsOk"/>.</summary>
    public T Value { get; }

    public Failure Failure { get; }

    public bool IsOk => Failure.Code == StatusCode.Ok;

    public static implicit operator Outcome<T>(T value) => new(value, default);

    public static implicit operator Outcome<T>(Failure failure) => new(default!, failure);
}
