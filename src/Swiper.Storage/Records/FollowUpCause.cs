using System.Diagnostics;
using System.Text;
using Swiper.Core.Diagnostics;
using Swiper.Core.Protocol;

namespace Swiper.Storage.Records;

/// <summary>
/// The span that a follow-up is under, whoever does it: it stands after the payload, as a W3C traceparent, where what wrote the follow-up
/// was sampled. Who reads the payload does not look beyond it.
/// </summary>
internal static class FollowUpCause
{
    private const int TraceParentBytes = 55;

    /// <summary>After the payload.</summary>
    public static void Write(ref MessagePackWriter payload, Activity? cause)
    {
        if (cause?.Id is { } traceParent)
            payload.WriteString(traceParent);
    }

    /// <summary>The payload with its cause.</summary>
    public static byte[] Append(byte[] payload, Activity? cause)
    {
        if (cause is null)
            return payload;
        var writer = new MessagePackWriter(stackalloc byte[TraceParentBytes + 2]);
        Write(ref writer, cause);
        byte[] both = [.. payload, .. writer.Written];
        writer.Dispose();
        return both;
    }

    /// <summary>Begins the span of a try of a follow-up, if it has a cause.</summary>
    public static Activity? Begin(FollowUp followUp)
    {
        if (!Spans.AreOn || Read(followUp.Payload) is not { } cause)
            return null;
        var span = Spans.Begin("follow_up", cause);
        span?.SetTag("swiper.follow_up.kind", followUp.Kind.ToString());
        span?.SetTag("swiper.follow_up.attempts", followUp.Attempts);
        return span;
    }

    private static ActivityContext? Read(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        return reader.TrySkip() && reader.TryReadString(out var text)
            && ActivityContext.TryParse(Encoding.ASCII.GetString(text), traceState: null, isRemote: true, out var cause)
            ? cause : null;
    }
}
