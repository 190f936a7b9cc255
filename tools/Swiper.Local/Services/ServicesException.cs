namespace Swiper.Local.Services;

/// <summary>The services are unavailable; the message is a single line.</summary>
internal sealed class ServicesException(string message) : Exception(message);
