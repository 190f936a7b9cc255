namespace Swiper.Tools.Demo;

/// <summary>The demo can't go on; the message is one line for people.</summary>
internal sealed class DemoException(string message) : Exception(message);
