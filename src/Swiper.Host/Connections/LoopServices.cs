using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>What all loops share; one reference in each of them.</summary>
internal sealed class LoopServices(
    Dispatcher dispatcher, SessionRegistry sessions, ConnectionWatch watch, SwiperOptions options, ILogger<FrameLoop> logger)
{
    public Dispatcher Dispatcher { get; } = dispatcher;

    public SessionRegistry Sessions { get; } = sessions;

    public ConnectionWatch Watch { get; } = watch;

    public TurnQueue Turns { get; } = new();

    public ConnectionLimits Limits { get; } = options.Limits;

    public ILogger Logger { get; } = logger;
}
