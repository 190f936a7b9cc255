using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>
/// Makes a span of each request of a sample, from its arrival to its reply. Clients send no trace contexts, so each is the first of its
/// trace; <see cref="Spans"/> has those under it.
/// </summary>
/// <param name="share">Of the requests, from 0 to 1.</param>
public sealed class RequestTraces(double share)
{
    public const string SourceName = Traffic.MeterName;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether the next request belongs to the sample.</summary>
    internal bool TakesNext() => Random.Shared.NextDouble() < share;

    /// <summary><see cref="Endpoint.Invoke"/>, with a span that is current while the handler runs.</summary>
    internal static StatusCode? Invoke(
        Endpoint endpoint, Session session, uint id, ReadOnlySpan<byte> args, ref FrameWriter output, ILogger logger)
    {
        var span = Begin(endpoint, session);
        try
        {
            var code = endpoint.Invoke(session, id, args, ref output, logger);
            if (code is { } answered)
                Answered(span, answered);
            return code;
        }
        finally
        {
            Activity.Current = null;
        }
    }

    /// <summary>The span of the request that is being dispatched, for its reply that comes later; null if it is not sampled.</summary>
    internal static Activity? Deferred() => Source.HasListeners() ? Activity.Current : null;

    /// <summary>The request was answered: its span ends.</summary>
    internal static void Answered(Activity? span, StatusCode code)
    {
        if (span is null)
            return;
        span.SetTag("rpc.response.status_code", ((int)code).ToString(CultureInfo.InvariantCulture));
        var isOurs = code is StatusCode.InternalError or StatusCode.DataError or StatusCode.Unavailable;
        if (isOurs)
            span.SetTag("error.type", code.ToString());
        Spans.End(span, failed: isOurs);
    }

    private static Activity? Begin(Endpoint endpoint, Session session)
    {
        Activity.Current = null;
        var times = session.Times;
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(endpoint.Opcode.ToString());
        KeyValuePair<string, object?>[] tags =
            [new("rpc.system.name", "swiper"), new("rpc.method", name), new("swiper.connection", session.ConnectionId)];
        var span = Source.StartActivity(
            name, ActivityKind.Server, default(ActivityContext), tags, links: null, startTime: Spans.TimeOf(times.Arrived));
        if (span is not null && times.HasWaited)
            Spans.Add(span, "turn", times.Arrived, times.Begun);
        return span;
    }
}
