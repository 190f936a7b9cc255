using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Swiper.Storage;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Backups;

namespace Swiper.Host.Web;

/// <summary>
/// Backups of the embedded engine while it runs: POST `backups` answers a line of JSON about once a second, of which the last tells how it
/// has ended. Whoever goes before that ends it, and nothing is left of it.
/// </summary>
internal sealed class BackupOperations(
    IStorageEngine engine, IHostApplicationLifetime lifetime, IOptions<JsonOptions> json, ILogger<BackupOperations> logger) : IOperations
{
    public const string Route = "backups";

    // Whoever waits for the next line takes a host that tells nothing for one that hangs.
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    public void Map(RouteGroupBuilder routes) => routes.MapPost(Route, (BackupOrder order, HttpContext context) =>
    {
        if (engine is not EmbeddedStorage { Backup: var backup })
            throw new OperationException(StatusCodes.Status409Conflict,
                "a cluster's shards are backed up beside their servers, by deploy/backup-shards.sh");
        if (order.BytesASecond < 1)
            throw new OperationException(StatusCodes.Status400BadRequest, "bytes_a_second: at least 1");
        return RunAsync(backup, order, context);
    });

    private async Task RunAsync(OnlineBackup backup, BackupOrder order, HttpContext context)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var progress = new LastProgress();
        var plan = new BackupPlan(
            order.Folder, order.BytesASecond, typeof(BackupOperations).Assembly.GetName().Version!.ToString(3), [Composition.KeyFolder]);
        OperationsLog.BackupBegun(logger, order.Folder);
        var run = backup.RunAsync(plan, progress.Note, ending.Token);
        BackupState last;
        context.Response.ContentType = "application/x-ndjson";
        try
        {
            do
                await TellAsync(context, new BackupState(progress.Last.Done, progress.Last.Total, null, null));
            while (await Task.WhenAny(run, Task.Delay(TellEvery, ending.Token)) != run && !ending.IsCancellationRequested);
        }
        finally
        {
            // Nobody reads any more, or the host is stopping: the backup deletes what it has made.
            if (!run.IsCompleted)
                await ending.CancelAsync();
            last = await EndAsync(run, order.Folder, progress.Last);
        }

        await TellAsync(context, last);
    }

    private async Task TellAsync(HttpContext context, BackupState state)
    {
        await JsonSerializer.SerializeAsync(
            context.Response.Body, state, json.Value.SerializerOptions, context.RequestAborted);
        await context.Response.WriteAsync("\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private async Task<BackupState> EndAsync(Task<BackupManifest> run, string folder, BackupProgress progress)
    {
        var (made, error) = (default(BackupMade), default(string));
        try
        {
            var manifest = await run;
            made = new BackupMade(manifest.Moment, manifest.Bytes, manifest.Shards);
            OperationsLog.BackupMade(logger, folder, made.Bytes, made.Moment);
        }
        catch (BackupException failed)
        {
            error = failed.Message;
            OperationsLog.BackupFailed(logger, folder, error);
        }
        catch (OperationCanceledException)
        {
            error = "the host is stopping, or nobody reads what it tells";
            OperationsLog.BackupFailed(logger, folder, error);
        }

        return new BackupState(progress.Done, progress.Total, made, error);
    }

    private sealed class LastProgress
    {
        private readonly Lock _gate = new();
        private BackupProgress _last;

        public BackupProgress Last
        {
            get
            {
                lock (_gate)
                    return _last;
            }
        }

        public void Note(BackupProgress progress)
        {
            lock (_gate)
                _last = progress;
        }
    }
}

/// <param name="Folder">The full path of the folder to be made.</param>
/// <param name="BytesASecond">At most so many.</param>
internal sealed record BackupOrder(string Folder, long BytesASecond);

/// <param name="Done">How many bytes were copied, and read again for their checksums.</param>
/// <param name="Total">How many there will be; 0 while that is not known.</param>
/// <param name="Made">In the last line, if the backup is there.</param>
/// <param name="Error">In the last line, if it is not: why.</param>
internal sealed record BackupState(long Done, long Total, BackupMade? Made, string? Error);

/// <param name="Moment">What is in it is of this moment.</param>
/// <param name="Bytes">The size of its files.</param>
/// <param name="Shards">How many shards there are.</param>
internal sealed record BackupMade(DateTimeOffset Moment, long Bytes, int Shards);
