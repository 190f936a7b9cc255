namespace Swiper.Local.Services;

/// <summary>There are no services to run on; the message is one line for people.</summary>
internal sealed class ServicesException(string message) : Exception(message);
