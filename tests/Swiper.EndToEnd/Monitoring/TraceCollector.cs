using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Swiper.EndToEnd.Monitoring;

/// <summary>A collector of OpenTelemetry that takes traces by OTLP over gRPC, as hosts send them by default, and keeps them.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private const string Traces = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int LengthPrefix = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CollectedSpan> _spans = new();
    private int _metrics;

    private TraceCollector(WebApplication app) => _app = app;

    /// <summary>All that has come so far.</summary>
    public IReadOnlyCollection<CollectedSpan> Spans => _spans;

    /// <summary>How often something else, metrics, has come.</summary>
    public int Metrics => Volatile.Read(ref _metrics);

    /// <summary>The option of hosts that send to it.</summary>
    public string Setting => $"Ops:Otlp={_app.Urls.Single()}";

    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var collector = new TraceCollector(builder.Build());
        collector._app.Run(collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>Waits for a span.</summary>
    public async Task<CollectedSpan> FindAsync(Func<CollectedSpan, bool> condition, string what)
    {
        CollectedSpan? found = null;
        await Eventually.HoldsAsync(() => (found = _spans.FirstOrDefault(condition)) is not null, what);
        return found!;
    }

    /// <summary>The spans right under one, by name.</summary>
    public IEnumerable<CollectedSpan> Under(CollectedSpan parent, string name) =>
        _spans.Where(span => span.Trace == parent.Trace && span.Parent == parent.Id && span.Name == name);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Assert.Equal(0, body.GetBuffer()[0]); // not compressed
        if (http.Request.Path == Traces)
            Read(body.ToArray().AsSpan(LengthPrefix));
        else
            Interlocked.Increment(ref _metrics);
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        await http.Response.Body.WriteAsync(new byte[LengthPrefix]);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    // opentelemetry/proto/trace/v1/trace.proto: resources, their scopes, their spans.
    private void Read(ReadOnlySpan<byte> request)
    {
        foreach (var resource in Message.Of(request).All(1))
        {
            var host = resource.All(1).SelectMany(static attributes => attributes.All(1)).Select(Attribute)
                .Single(static attribute => attribute.Key == "service.instance.id").Value;
            foreach (var scope in resource.All(2))
            {
                var source = scope.All(1).Single().Text(1);
                foreach (var span in scope.All(2))
                    _spans.Enqueue(ToSpan(span, host, source));
            }
        }
    }

    private static CollectedSpan ToSpan(Message span, string host, string source) => new(
        host, source, span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6),
        span.Number(7), span.Number(8), span.All(9).Select(Attribute).ToDictionary(),
        [.. span.All(13).Select(static link => link.Hex(2))],
        span.All(15).Any(static status => status.Number(3) == 2));

    private static KeyValuePair<string, string> Attribute(Message attribute)
    {
        var value = attribute.All(2).Single();
        return new(attribute.Text(1), value.Has(1) ? value.Text(1) : value.Number(3).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A message of Protocol Buffers: its fields, whose types the reader knows.</summary>
    private sealed class Message
    {
        private readonly List<(int Field, ByteString Bytes, ulong Number)> _fields = [];

        public static Message Of(ReadOnlySpan<byte> bytes)
        {
            var message = new Message();
            using var input = new CodedInputStream(bytes.ToArray());
            while (input.ReadTag() is not 0 and var tag)
            {
                var field = WireFormat.GetTagFieldNumber(tag);
                message._fields.Add(WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.LengthDelimited => (field, input.ReadBytes(), 0),
                    WireFormat.WireType.Fixed64 => (field, ByteString.Empty, input.ReadFixed64()),
                    WireFormat.WireType.Fixed32 => (field, ByteString.Empty, input.ReadFixed32()),
                    _ => (field, ByteString.Empty, input.ReadUInt64()),
                });
            }
            return message;
        }

        public bool Has(int field) => _fields.Exists(each => each.Field == field);

        public IEnumerable<Message> All(int field) =>
            _fields.Where(each => each.Field == field).Select(static each => Of(each.Bytes.Span));

        public string Text(int field) => Bytes(field).ToStringUtf8();

        public string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

        public ulong Number(int field) => _fields.Find(each => each.Field == field).Number;

        private ByteString Bytes(int field) => _fields.Find(each => each.Field == field).Bytes ?? ByteString.Empty;
    }
}

/// <summary>A span as it came.</summary>
/// <param name="Host">Which process sent it.</param>
/// <param name="Source">The ActivitySource.</param>
/// <param name="Trace">The id of its trace.</param>
/// <param name="Id">Its own.</param>
/// <param name="Parent">That of the span it is under; empty if it is the first of its trace.</param>
/// <param name="Name">What it is of.</param>
/// <param name="Kind">1 internal, 2 server, 3 client.</param>
/// <param name="Began">In nanoseconds since the Unix epoch.</param>
/// <param name="Ended">Likewise.</param>
/// <param name="Attributes">By name.</param>
/// <param name="Links">The ids of the spans it is linked with.</param>
/// <param name="Failed">Its status is that of an error.</param>
internal sealed record CollectedSpan(
    string Host, string Source, string Trace, string Id, string Parent, string Name, int Kind, ulong Began, ulong Ended,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links, bool Failed);
