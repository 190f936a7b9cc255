using System.Diagnostics;

namespace Swiper.Core.Diagnostics;

/// <summary>
/// The spans under those of sampled requests (docs/decisions/0039-traces.md): what stores and follow-ups spend their time on. Where nobody
/// samples, or the request at hand is not sampled, there is no span to be under, and nothing is done or allocated.
/// </summary>
/// <remarks>
/// A handler's span is <see cref="Activity.Current"/> while it runs, also after it has awaited. Threads that work for many requests, those
/// of lanes above all, have no current span: what they work on knows the span that it is part of.
/// </remarks>
public static class Spans
{
    public const string SourceName = "Swiper.Storage";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether anybody samples.</summary>
    public static bool AreOn => Source.HasListeners();

    /// <summary>The span that the code at hand runs for; null if it is not sampled.</summary>
    public static Activity? Current => Source.HasListeners() ? Activity.Current : null;

    /// <summary>Begins a span under the current one, which is current until it is disposed.</summary>
    public static Activity? Begin(string name, ActivityKind kind = ActivityKind.Internal) =>
        Current is null ? null : Source.StartActivity(name, kind);

    /// <summary>Begins a span under another, which is current until it is disposed.</summary>
    public static Activity? Begin(string name, ActivityContext parent) => Source.StartActivity(name, ActivityKind.Internal, parent);

    /// <summary>Begins a span under another, which <see cref="End"/> ends, perhaps on another thread. It is never current.</summary>
    public static Activity? BeginApart(string name, Activity? parent, ActivityKind kind = ActivityKind.Internal)
    {
        if (parent is null)
            return null;
        var current = Activity.Current;
        var span = Source.StartActivity(name, kind, parent.Context);
        Activity.Current = current;
        return span;
    }

    /// <summary>Ends a span, and leaves the current one as it is.</summary>
    public static void End(Activity? span, bool failed = false)
    {
        if (span is null)
            return;
        if (failed)
            span.SetStatus(ActivityStatusCode.Error);
        var current = Activity.Current;
        span.Dispose();
        Activity.Current = current;
    }

    /// <summary>Adds a span of what is over. Its times are from <see cref="Stopwatch.GetTimestamp"/>.</summary>
    /// <param name="parent">What it was part of.</param>
    /// <param name="name">Its name.</param>
    /// <param name="began">When it began.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="failed">Whether it failed.</param>
    /// <param name="links">Spans of other traces that it has to do with.</param>
    public static void Add(
        Activity parent, string name, long began, long ended, bool failed = false, IEnumerable<ActivityLink>? links = null) =>
        Add(parent.Context, name, began, ended, failed, links, tags: null);

    /// <summary>Adds a span of what is over and was done for several others together: the first of a trace of its own.</summary>
    public static Activity? AddRoot(
        string name, long began, long ended, bool failed, IEnumerable<ActivityLink> links,
        IEnumerable<KeyValuePair<string, object?>> tags) =>
        Add(default, name, began, ended, failed, links, tags);

    /// <summary>What <see cref="Stopwatch.GetTimestamp"/> was then, as the time of day.</summary>
    public static DateTimeOffset TimeOf(long timestamp) => DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(timestamp);

    private static Activity? Add(
        ActivityContext parent, string name, long began, long ended, bool failed, IEnumerable<ActivityLink>? links,
        IEnumerable<KeyValuePair<string, object?>>? tags)
    {
        var current = Activity.Current;
        // Without a parent the current span would be it.
        Activity.Current = null;
        // From one look at the two clocks: what passes between two looks would change the length of the span.
        var (time, timestamp) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
        var from = time - Stopwatch.GetElapsedTime(began, timestamp);
        var to = time - Stopwatch.GetElapsedTime(ended, timestamp);
        var span = Source.StartActivity(name, ActivityKind.Internal, parent, tags, links, from);
        // One of no length would end now.
        span?.SetEndTime((to > from ? to : from.AddTicks(1)).UtcDateTime);
        End(span, failed);
        Activity.Current = current;
        return span;
    }
}
