namespace Swiper.Core.Dispatch;

/// <summary>
/// A store can't serve a request: it is down, full or shutting down. The client gets 1004 and may retry. The request may have been
/// carried out in part; repeating it is safe and completes it.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
