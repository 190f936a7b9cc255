namespace Swiper.Core.Protocol;

/// <summary>An expected outcome that is no success: a code, and a message for the app's developer that holds nothing internal.</summary>
/// <param name="Code">Any code but <see cref="StatusCode.Ok"/>.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="RetryAfterMs">
/// Of <see cref="StatusCode.Throttled"/> and <see cref="StatusCode.CodeTooOften"/>: milliseconds until a try may succeed.
/// </param>
public readonly record struct Failure(StatusCode Code, string Message, int RetryAfterMs = 0)
{
    /// <summary><see cref="RetryAfterMs"/> as a time; null where there is none.</summary>
    public TimeSpan? RetryAfter => RetryAfterMs > 0 ? TimeSpan.FromMilliseconds(RetryAfterMs) : null;

    public static Failure Throttled(TimeSpan retryAfter) =>
        new(StatusCode.Throttled, "too many requests", (int)Math.Min(int.MaxValue, Math.Ceiling(retryAfter.TotalMilliseconds)));
}
