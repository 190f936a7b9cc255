namespace Swiper.Tools.Demo;

/// <summary>The demo can't continue; the message is a single line.</summary>
internal sealed class DemoException(string message) : Exception(message);
