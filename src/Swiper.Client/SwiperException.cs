using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>The server answered a code that is no success.</summary>
public sealed class SwiperException(Failure failure) : Exception($"{(int)failure.Code} {failure.Code}: {failure.Message}")
{
    public StatusCode Code { get; } = failure.Code;

    /// <summary>The server's own sentence, without the code.</summary>
    public string Reason { get; } = failure.Message;

    /// <summary>
    /// Of <see cref="StatusCode.Throttled"/> and <see cref="StatusCode.CodeTooOften"/>: milliseconds until a try may succeed.
    /// </summary>
    public int RetryAfterMs { get; } = failure.RetryAfterMs;
}
