using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Swiper.Host.Options;

namespace Swiper.Host.Web;

/// <summary>How the instruments of the host leave it: as Prometheus text on the ops port, and by OTLP where that is wanted.</summary>
internal static class MetricsExport
{
    public static IServiceCollection AddMetricsExport(this IServiceCollection services, SwiperOptions options)
    {
        var version = typeof(MetricsExport).Assembly.GetName().Version?.ToString(3);
        services.AddOpenTelemetry().ConfigureResource(host => host.AddService("swiper", serviceVersion: version)).WithMetrics(metrics =>
        {
            metrics.AddMeter("Swiper.*", "System.Runtime");
            if (options.Ops.Http || options.Ops.Socket != OpsOptions.None)
                metrics.AddPrometheusExporter();
            if (options.Ops.Otlp is { } collector)
                metrics.AddOtlpExporter(otlp => otlp.Endpoint = new Uri(collector));
        });
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
