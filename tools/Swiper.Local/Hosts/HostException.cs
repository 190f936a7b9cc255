namespace Swiper.Local.Hosts;

/// <summary>A host on this machine does not do what it is asked; the message is one line for people.</summary>
internal sealed class HostException(string message) : Exception(message);
