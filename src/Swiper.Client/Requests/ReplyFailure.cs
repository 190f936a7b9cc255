using Swiper.Core.Protocol;

namespace Swiper.Client.Requests;

/// <summary>Reads a failure reply; the reverse of <see cref="Envelope.WriteFailure"/>.</summary>
internal static class ReplyFailure
{
    /// <summary>Never fails: if the data is malformed, the code alone is enough.</summary>
    public static Failure Read(StatusCode code, ReadOnlySpan<byte> data)
    {
        var fields = new FieldReader(data);
        if (code == StatusCode.Throttled)
            return new Failure(code, "too many requests", fields.Int32("retry_after_ms", 0, int.MaxValue, 0));
        var message = fields.OptionalString("message", int.MaxValue) ?? "";
        return new Failure(code, message, code == StatusCode.CodeTooOften ? fields.Int32("retry_after_ms", 0, int.MaxValue, 0) : 0);
    }
}
