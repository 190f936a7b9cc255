using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Web;

/// <summary>
/// How the host's instruments and spans leave it: metrics as Prometheus text on the ops port, and by OTLP where that is wanted; spans by
/// OTLP.
/// </summary>
internal static class Telemetry
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, SwiperOptions options)
    {
        var version = typeof(Telemetry).Assembly.GetName().Version?.ToString(3);
        var telemetry = services.AddOpenTelemetry().ConfigureResource(host => host.AddService("swiper", serviceVersion: version));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter("Swiper.*", "System.Runtime");
            if (options.Ops.Http || options.Ops.Socket != OpsOptions.None)
                metrics.AddPrometheusExporter();
            if (options.Ops.Otlp is { } collector)
                metrics.AddOtlpExporter(otlp => otlp.Endpoint = new Uri(collector));
        });
        if (options.Ops is not { TracedShare: > 0, Otlp: { } to })
            return services;
        // What is sampled was decided before a span is begun, and whatever is under a sampled request is.
        telemetry.WithTracing(traces => traces
            .AddSource(RequestTraces.SourceName, Spans.SourceName)
            .SetSampler(new AlwaysOnSampler())
            .AddOtlpExporter(otlp => otlp.Endpoint = new Uri(to)));
        return services;
    }

    /// <summary>A scrape within 300 ms of another gets the same text, so that no number of scrapers costs more than a few.</summary>
    public static void MapMetrics(this RouteGroupBuilder routes) => routes.MapPrometheusScrapingEndpoint(
        "metrics", meterProvider: null, metrics => metrics.Use(WriteApartAsync), optionsName: null);

    // The exporter lends all scrapers one buffer, and begins no collection until each has taken its text: one that reads nothing would
    // keep the others from theirs until Kestrel cuts it off.
    private static async Task WriteApartAsync(HttpContext context, RequestDelegate export)
    {
        var connection = context.Response.Body;
        using var text = new MemoryStream();
        context.Response.Body = text;
        try
        {
            await export(context);
        }
        finally
        {
            context.Response.Body = connection;
        }

        text.Position = 0;
        await text.CopyToAsync(connection, context.RequestAborted);
    }
}
