namespace Swiper.Load.Running;

/// <summary>The load can't be generated; the message is a single line.</summary>
internal sealed class LoadException(string message) : Exception(message);
