using System.Security.Cryptography;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded.Backups;

/// <summary>
/// Backups of the data folder while it is written, each of one moment: all shards are held between two commits for as long as it takes to
/// begin a reading transaction on each, and then copied from these. It is what a host that is killed at that moment would leave.
/// <code>
/// FOLDER.unfinished/   shard-0.db ... keys/   synced one by one   manifest.json, synced   -- renamed --> FOLDER/
/// </code>
/// </summary>
/// <param name="data">The data folder.</param>
/// <param name="shards">The number of shards.</param>
/// <param name="betweenCommits">Runs something while no shard commits.</param>
/// <param name="clock">Tells the moment, and measures the rate.</param>
public sealed class OnlineBackup(string data, int shards, Action<Action> betweenCommits, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>What a backup is called that is being made, or was when its host was killed: FOLDER and this.</summary>
    public const string Unfinished = ".unfinished";

    private readonly SemaphoreSlim _one = new(1);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Makes a backup; whatever keeps it from being made, nothing is left of it.</summary>
    /// <param name="plan">What to make.</param>
    /// <param name="tell">Called often, on any thread.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What is in it.</returns>
    /// <exception cref="BackupException">It could not be made.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or the engine is stopping.</exception>
    public async Task<BackupManifest> RunAsync(BackupPlan plan, Action<BackupProgress> tell, CancellationToken cancellation)
    {
        if (!await _one.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
            throw new BackupException("A backup is being made already; one at a time.");
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
            return await Task.Run(() => MakeAsync(plan, tell, either.Token), either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (Explain(exception) is { } reason)
        {
            throw new BackupException(reason, exception);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Ends a backup that is being made, and lets none begin.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        // It ends at its next burst.
        await _one.WaitAsync().ConfigureAwait(false);
        _one.Release();
    }

    private async Task<BackupManifest> MakeAsync(BackupPlan plan, Action<BackupProgress> tell, CancellationToken cancellation)
    {
        var folder = Path.TrimEndingDirectorySeparator(plan.Folder);
        var unfinished = folder + Unfinished;
        Require(folder, unfinished);
        try
        {
            OwnerOnly.CreateFolder(unfinished);
            var manifest = await FillAsync(unfinished, plan, tell, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            Directory.Move(unfinished, folder);
            Synced.Folder(Path.GetDirectoryName(folder)!);
            return manifest;
        }
        catch
        {
            TryDelete(unfinished);
            throw;
        }
    }

    private static void Require(string folder, string unfinished)
    {
        if (!Path.IsPathRooted(folder) || Path.GetDirectoryName(folder) is not { } parent)
            throw new BackupException($"{folder} is not the full path of a folder.");
        // A disk that is not mounted must not be taken for the folder that it would be mounted on.
        if (!Directory.Exists(parent))
            throw new BackupException($"{parent} is not a folder, or this host may not enter it.");
        if (Path.Exists(folder))
            throw new BackupException($"{folder} already exists; choose another name.");
        if (Path.Exists(unfinished))
        {
            throw new BackupException(
                $"{unfinished} already exists, from a backup that was killed or is still being made; delete it, or choose another name.");
        }
    }

    private async Task<BackupManifest> FillAsync(
        string folder, BackupPlan plan, Action<BackupProgress> tell, CancellationToken cancellation)
    {
        var snapshots = new List<ShardSnapshot>();
        try
        {
            for (var shard = 0; shard < shards; shard++)
                snapshots.Add(new ShardSnapshot(DataFolder.FileOf(data, shard)));
            DateTimeOffset moment = default;
            betweenCommits(() =>
            {
                moment = clock.GetUtcNow();
                foreach (var snapshot in snapshots)
                    snapshot.Take();
            });
            var size = snapshots.Sum(static snapshot => snapshot.Bytes);
            RequireSpace(folder, size);

            var work = new Work(folder, new CopyRate(plan.BytesASecond, clock), 2 * size, tell, cancellation);
            foreach (var snapshot in snapshots)
                await work.AddAsync(snapshot).ConfigureAwait(false);
            // What is sealed in the shards was sealed by keys that were there before.
            foreach (var also in plan.Also.Where(also => Directory.Exists(Path.Combine(data, also))))
                await work.AddAsync(data, also).ConfigureAwait(false);
            var manifest = new BackupManifest(
                BackupManifest.Newest, plan.Swiper, SqliteLibrary.Version, SqliteMigrator.Shard.Newest, shards, moment, work.Files);
            manifest.Write(folder);
            return manifest;
        }
        finally
        {
            foreach (var snapshot in snapshots)
                snapshot.Dispose();
        }
    }

    // Rather at once than after an hour, with the disk of somebody else full.
    private static void RequireSpace(string folder, long bytes)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (free < bytes)
        {
            throw new BackupException(
                FormattableString.Invariant($"{bytes:N0} bytes are needed for {folder}, and there is space for {free:N0}."));
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has no manifest, and its name says what it is.
        }
    }

    private static string? Explain(Exception exception) => exception switch
    {
        SqliteException sqlite => ShardFile.Explain(sqlite).Message,
        IOException or UnauthorizedAccessException or TimeoutException => exception.Message.ReplaceLineEndings(" "),
        _ => null,
    };

    /// <summary>The files of a backup so far.</summary>
    private sealed class Work(string folder, CopyRate rate, long total, Action<BackupProgress> tell, CancellationToken cancellation)
    {
        private long _done;

        public List<BackupFile> Files { get; } = [];

        public async Task AddAsync(ShardSnapshot snapshot)
        {
            var copy = Path.Combine(folder, snapshot.Name);
            await snapshot.CopyAsync(copy, rate, Note, cancellation).ConfigureAwait(false);
            // Of no use any more, and in the way of the WAL.
            snapshot.Dispose();
            Synced.File(copy);
            await AddAsync(snapshot.Name, Note).ConfigureAwait(false);
        }

        /// <summary>The files of a folder, few and small.</summary>
        public async Task AddAsync(string data, string also)
        {
            OwnerOnly.CreateFolder(Path.Combine(folder, also));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(data, also)).Order(StringComparer.Ordinal))
            {
                var name = $"{also}/{Path.GetFileName(file)}";
                var copy = Path.Combine(folder, name);
                using (var source = File.OpenRead(file))
                using (var target = OwnerOnly.OpenFile(copy, FileMode.CreateNew))
                    source.CopyTo(target);
                Synced.File(copy);
                await AddAsync(name, static _ => { }).ConfigureAwait(false);
            }

            Synced.Folder(Path.Combine(folder, also));
        }

        // From the copy: what is summed is what was written.
        private async Task AddAsync(string name, Action<long> read)
        {
            await using var file = new FileStream(
                Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[rate.Burst];
            int bytes;
            while ((bytes = await file.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            {
                sum.AppendData(buffer.AsSpan(0, bytes));
                read(bytes);
                await rate.SpendAsync(bytes, cancellation).ConfigureAwait(false);
            }

            Files.Add(new BackupFile(name, file.Length, Convert.ToHexStringLower(sum.GetHashAndReset())));
        }

        private void Note(long bytes) => tell(new BackupProgress(_done += bytes, total));
    }
}
