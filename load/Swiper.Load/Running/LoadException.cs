namespace Swiper.Load.Running;

/// <summary>The load can't be made; the message is one line for people.</summary>
internal sealed class LoadException(string message) : Exception(message);
