using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Swiper.Peers.HttpJson;

/// <summary>
/// A JSON result with a Content-Length, so that headers and body leave in one flush. By default ASP.NET Core writes chunks, in two
/// flushes.
/// </summary>
internal sealed class JsonReply<T>(T value, JsonTypeInfo<T> type) : IResult
{
    // The writer keeps its buffer; one per thread is enough, because nothing here is awaited.
    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _json;

    public Task ExecuteAsync(HttpContext context)
    {
        var json = _json ??= new();
        var writer = _writer ??= new(json);
        JsonSerializer.Serialize(writer, value, type);

        var response = context.Response;
        response.ContentType = "application/json";
        response.ContentLength = json.WrittenCount;
        var body = response.BodyWriter;
        json.WrittenSpan.CopyTo(body.GetSpan(json.WrittenCount));
        body.Advance(json.WrittenCount);

        json.ResetWrittenCount();
        writer.Reset(json);
        return Task.CompletedTask;
    }
}
