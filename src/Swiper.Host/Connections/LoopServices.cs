using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>What all loops share; one reference in each of them.</summary>
internal sealed class LoopServices(
    Dispatcher dispatcher, SessionRegistry sessions, ConnectionWatch watch, SwiperOptions options, ILogger<FrameLoop> logger,
    Traffic? traffic = null)
{
    public Dispatcher Dispatcher { get; } = dispatcher;

    public SessionRegistry Sessions { get; } = sessions;

    public ConnectionWatch Watch { get; } = watch;

    /// <summary>Counts requests; null where <see cref="OpsOptions.Metrics"/> is false.</summary>
    public Traffic? Traffic { get; } = traffic;

    public TurnQueue Turns { get; } = new();

    public ConnectionLimits Limits { get; } = options.Limits;

    public ILogger Logger { get; } = logger;
}
