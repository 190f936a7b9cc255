namespace Swiper.Local.Hosts;

/// <summary>A local host failed; the message is a single line.</summary>
internal sealed class HostException(string message) : Exception(message);
