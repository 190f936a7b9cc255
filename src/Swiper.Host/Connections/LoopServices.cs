using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>What all loops share; one reference in each of them.</summary>
internal sealed class LoopServices(
    Dispatcher dispatcher, SessionRegistry sessions, ConnectionWatch watch, SwiperOptions options, IHostEnvironment environment,
    TimeProvider clock, ILogger<FrameLoop> logger, Traffic? traffic = null)
{
    // Whoever has not signed in has little to ask.
    private const int AnonymousPart = 10;

    // A quarter of the time in which clients must read, and no more than this: a system call each time, for each that was sent something.
    private const long LongestUnreadIntervalMs = 5_000;

    private readonly int? _pace = options.PaceFor(environment.IsDevelopment());

    public Dispatcher Dispatcher { get; } = dispatcher;

    public SessionRegistry Sessions { get; } = sessions;

    public ConnectionWatch Watch { get; } = watch;

    /// <summary>Counts requests; null where <see cref="OpsOptions.Metrics"/> is false.</summary>
    public Traffic? Traffic { get; } = traffic;

    public TurnQueue Turns { get; } = new();

    public ConnectionLimits Limits { get; } = options.Limits;

    /// <summary>How often the kernel is asked what a client leaves unread.</summary>
    public long UnreadIntervalMs { get; } = Math.Min(LongestUnreadIntervalMs, (long)options.Limits.Send.TotalMilliseconds / 4);

    public TimeProvider Clock { get; } = clock;

    public ILogger Logger { get; } = logger;

    /// <summary>What a connection is served in a second, in the units of <see cref="Pace"/>; null without a limit.</summary>
    public int? PaceOf(Session session) => _pace is { } pace && !session.IsSignedIn ? Math.Max(1, pace / AnonymousPart) : _pace;
}
