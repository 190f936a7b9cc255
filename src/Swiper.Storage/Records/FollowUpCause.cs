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
    private const string Name = "follow_up";
    private const string Kind = "swiper.follow_up.kind";
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
        return Spans.Begin(Name, cause)?.SetTag(Kind, followUp.Kind.ToString()).SetTag("swiper.follow_up.attempts", followUp.Attempts);
    }

    /// <summary>Begins the span of what is done right after the commit, without a look at the row that makes it sure.</summary>
    public static Activity? Begin(FollowUpKind kind, Activity? cause) =>
        cause is null ? null : Spans.Begin(Name, cause.Context)?.SetTag(Kind, kind.ToString());

    /// <summary>The same, on a lane's thread: it is never current, and <see cref="Spans.End"/> ends it.</summary>
    public static Activity? BeginApart(FollowUpKind kind, Activity? cause) =>
        Spans.BeginApart(Name, cause)?.SetTag(Kind, kind.ToString());

    private static ActivityContext? Read(ReadOnlySpan<byte> payload)
    {
        var reader = new MessagePackReader(payload);
        return reader.TrySkip() && reader.TryReadString(out var text)
            && ActivityContext.TryParse(Encoding.ASCII.GetString(text), traceState: null, isRemote: true, out var cause)
            ? cause : null;
    }
}
