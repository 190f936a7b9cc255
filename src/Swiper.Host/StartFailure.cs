using System.Security.Cryptography;
using Swiper.Core.Dispatch;
using Swiper.Host.Connections;
using Swiper.Storage;

namespace Swiper.Host;

/// <summary>The reasons not to start that people can do something about.</summary>
internal static class StartFailure
{
    /// <summary>One sentence, or null where the exception is a bug and deserves its stack trace.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        StorageStartException or ListenException => exception.Message,
        // The keys of tokens, which the hosts of a cluster share.
        CryptographicException { InnerException: StoreUnavailableException unavailable } => Explain(unavailable),
        CryptographicException => $"cannot use the certificate or its key: {exception.Message}",
        StoreUnavailableException => exception.Message.ReplaceLineEndings(" "),
        UnauthorizedAccessException or IOException or TimeoutException => exception.Message.ReplaceLineEndings(" "),
        _ => null,
    };
}
