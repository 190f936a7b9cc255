using System.Diagnostics;
using StackExchange.Redis;
using Swiper.Core.Diagnostics;
using Swiper.Storage.Metrics;

namespace Swiper.Storage.Redis;

/// <summary>Runs scripts within a deadline, loaded by hash.</summary>
internal sealed class RedisCalls(RedisClient client, TimeSpan deadline)
{
    private static readonly RedisValue[] NoArguments = [];

    public CallCounts Counts { get; } = new();

    /// <summary>
    /// Runs a script. After a <see cref="TimeoutException"/> or a <see cref="RedisException"/> it may or may not have run, or may run
    /// later.
    /// </summary>
    public Task<RedisResult> EvaluateAsync(RedisScript script, RedisNode node, RedisValue[]? arguments = null) =>
        EvaluateAsync(script, node.Route, arguments ?? NoArguments);

    /// <inheritdoc cref="EvaluateAsync(RedisScript, RedisNode, RedisValue[])"/>
    public async Task<RedisResult> EvaluateAsync(RedisScript script, RedisKey[] route, RedisValue[] arguments)
    {
        using var span = Spans.Begin("script", ActivityKind.Client);
        span?.SetTag("db.system.name", "redis").SetTag("db.stored_procedure.name", script.Name);
        try
        {
            var answer = await RunAsync(script, route, arguments).ConfigureAwait(false);
            Counts.Succeeded();
            return answer;
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            if (exception is TimeoutException)
                Counts.TimedOut();
            else
                Counts.Failed();
            throw;
        }
    }

    private async Task<RedisResult> RunAsync(RedisScript script, RedisKey[] route, RedisValue[] arguments)
    {
        var database = client.Current.Database;
        try
        {
            return await database.ScriptEvaluateAsync(script.Text, route, arguments).WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Redis restarted or its scripts were flushed. The client has noticed too, and loads the script with the next call.
            return await database.ScriptEvaluateAsync(script.Text, route, arguments).WaitAsync(deadline).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
        {
            throw new TimeoutException("The client was closed before it answered.", exception);
        }
    }
}
