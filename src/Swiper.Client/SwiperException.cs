using Swiper.Core.Protocol;

namespace Swiper.Client;

/// <summary>The server answered a code that is no success.</summary>
public sealed class SwiperException(Failure failure) : Exception($"{(int)failure.Code} {failure.Code}: {failure.Message}")
{
    public StatusCode Code { get; } = failure.Code;

    /// <summary>The server's own sentence, without the code.</summary>
    public string Reason { get; } = failure.Message;

    /// <summary>How long to wait before a try may succeed; null where the server does not say.</summary>
    public TimeSpan? RetryAfter { get; } = failure.RetryAfter;
}
