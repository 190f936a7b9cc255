using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Swiper.Core.Dispatch;

namespace Swiper.Host.Web;

/// <summary>
/// Serves the operations of all slices on the operations socket, and nothing else there; nor are they served anywhere else. Every failure
/// is an <see cref="OperationError"/>.
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
        var routes = app.MapGroup("").WithMetadata(OperationsOnly.Instance);
        foreach (var operations in app.Services.GetServices<IOperations>())
            operations.Map(routes);
    }

    private static async Task ServeAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var isOperator = context.Features.Get<OperationsConnection>() is not null;
        var isOperation = context.GetEndpoint()?.Metadata.GetMetadata<OperationsOnly>() is not null;
        if (!isOperator && !isOperation)
        {
            await next(context);
            return;
        }

        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        try
        {
            if (!isOperator || !isOperation)
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

    /// <summary>Marks the routes that only the operations socket serves.</summary>
    private sealed class OperationsOnly
    {
        public static readonly OperationsOnly Instance = new();
    }
}
