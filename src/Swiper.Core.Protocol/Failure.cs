namespace Swiper.Core.Protocol;

/// <summary>An expected failure: a code, and a message for the app's developer that reveals nothing internal.</summary>
/// <param name="Code">Any code but <see cref="StatusCode.Ok"/>.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="RetryAfterMs">
/// Of <see cref="StatusCode.Throttled"/> and <see cref="StatusCode.CodeTooOften"/>: milliseconds until a retry may succeed.
/// </param>
public readonly record struct Failure(StatusCode Code, string Message, int RetryAfterMs = 0)
{
    /// <summary><see cref="RetryAfterMs"/> as a time; null if there is none.</summary>
    public TimeSpan? RetryAfter => RetryAfterMs > 0 ? TimeSpan.FromMilliseconds(RetryAfterMs) : null;

    public static Failure Throttled(TimeSpan retryAfter) =>
        new(StatusCode.Throttled, "too many requests", (int)Math.Min(int.MaxValue, Math.Ceiling(retryAfter.TotalMilliseconds)));
}
