namespace Swiper.Core.Dispatch;

/// <summary>
/// A store could not take or answer a request now: it is down, full or shutting down. The client is told 1004 and may try again.
/// Everything the request wanted to change is unchanged.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
