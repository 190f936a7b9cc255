namespace Swiper.Core.Dispatch;

/// <summary>
/// A store could not take or answer a request now: it is down, full or shutting down. The client is told 1004 and may try again.
/// What the request wanted may have been done in part; doing it again is safe and completes it.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
