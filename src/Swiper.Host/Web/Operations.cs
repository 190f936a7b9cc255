using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;

namespace Swiper.Host.Web;

/// <summary>
/// Serves the operations of all slices on the operations socket, and what monitoring reads on the ops port and there, and nothing else;
/// nor are they served anywhere else. Every failure is an <see cref="OperationError"/>.
/// </summary>
internal static class Operations
{
    public static IServiceCollection AddOperations(this IServiceCollection services) => services
        .Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true)
        .Configure<JsonOptions>(json => Configure(json.SerializerOptions));

    /// <summary>How bodies are written on both sides.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectRequiredConstructorParameters = true;
        json.RespectNullableAnnotations = true;
        return json;
    }

    public static void MapOperations(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Swiper.Host.Operations");
        app.Use((context, next) => ServeAsync(context, next, logger));
        var operated = app.MapGroup("").WithMetadata(OpsRoute.Operation);
        foreach (var operations in app.Services.GetServices<IOperations>())
            operations.Map(operated);
        var read = app.MapGroup("").WithMetadata(OpsRoute.Monitoring);
        read.MapVersion(app.Services.GetRequiredService<ServerIdentity>(), app.Services.GetRequiredService<TimeProvider>());
        read.MapGet("health/live", () => "live");
        read.MapGet("health/ready", (HealthWatch health) =>
        {
            var report = health.Now;
            return Results.Json(
                report, statusCode: report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
        read.MapMetrics();
    }

    private static async Task ServeAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var connection = context.Features.Get<OpsConnection>();
        var route = context.GetEndpoint()?.Metadata.GetMetadata<OpsRoute>();
        if (connection is null && route is null)
        {
            await next(context);
            return;
        }

        var isAllowed = connection is not null && route is not null
            && (connection == OpsConnection.Socket || route == OpsRoute.Monitoring);
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        try
        {
            if (!isAllowed)
                throw new OperationException(StatusCodes.Status404NotFound, $"this host has no operation {method} {path}");
            await next(context);
            // Kestrel refuses a body that is too large without a word.
            if (context.Response is { HasStarted: false, StatusCode: >= StatusCodes.Status400BadRequest and var refusal })
                throw new OperationException(refusal, ReasonPhrases.GetReasonPhrase(refusal).ToLowerInvariant());
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            var (status, message) = Explain(exception);
            if (status == StatusCodes.Status500InternalServerError)
                OperationsLog.Failed(logger, method, path, exception);
            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(new OperationError(message));
        }
        if (route != OpsRoute.Monitoring)
            OperationsLog.Done(logger, method, path, context.Response.StatusCode);
    }

    private static (int Status, string Message) Explain(Exception exception) => exception switch
    {
        OperationException refused => (refused.Status, refused.Message),
        BadHttpRequestException wrong => (wrong.StatusCode, (wrong.InnerException as JsonException ?? (Exception)wrong).Message),
        StoreUnavailableException => (
            StatusCodes.Status503ServiceUnavailable,
            "a store is not available; it may have been done nevertheless: look before trying again"),
        OperationCanceledException => (StatusCodes.Status503ServiceUnavailable, "the host is stopping"),
        _ => (StatusCodes.Status500InternalServerError, "internal error; the host's log has it"),
    };

    /// <summary>Marks the routes of those who run the host.</summary>
    private sealed class OpsRoute
    {
        /// <summary>Changes something, or shows users: on the operations socket only.</summary>
        public static readonly OpsRoute Operation = new();

        /// <summary>Shows how the host is doing.</summary>
        public static readonly OpsRoute Monitoring = new();
    }
}
