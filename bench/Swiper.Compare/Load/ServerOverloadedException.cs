namespace Swiper.Compare.Load;

/// <summary>The server can't keep up with the rate at which requests are due.</summary>
internal sealed class ServerOverloadedException(string message) : Exception(message);
