using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>The server returned a failure code.</summary>
public sealed class SwiperException(Failure failure) : Exception($"{(int)failure.Code} {failure.Code}: {failure.Message}")
{
    public StatusCode Code { get; } = failure.Code;

    /// <summary>The server's message, without the code.</summary>
    public string Reason { get; } = failure.Message;

    /// <summary>How long to wait before a retry may succeed; null if the server does not say.</summary>
    public TimeSpan? RetryAfter { get; } = failure.RetryAfter;
}
