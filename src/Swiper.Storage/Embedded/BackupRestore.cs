using System.Security.Cryptography;
using Swiper.Storage.Embedded.Backups;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded;

/// <summary>
/// Makes a data folder of a backup, if every byte of it is as it was written. Pushes are numbered anew, so that no client takes one that
/// it has not seen for one that it has.
/// </summary>
public static class BackupRestore
{
    /// <summary>
    /// How far numbers of pushes are moved on for each second since 1970: as many as a user may be sent in a second. Two restores are
    /// never at the same second, so no number is given twice; and it stays below 2^53, where numbers of JavaScript lose digits.
    /// </summary>
    internal const long PushesASecond = 1 << 20;

    private const int Buffer = 1 << 20;

    /// <summary>Restores a backup.</summary>
    /// <param name="backup">Its folder.</param>
    /// <param name="data">The data folder: empty, or not there.</param>
    /// <param name="clock">Tells when it is restored.</param>
    /// <param name="tell">Called with the bytes that were copied since the last call.</param>
    /// <returns>What was restored.</returns>
    /// <exception cref="DamagedBackupException">Something of it is missing or damaged.</exception>
    /// <exception cref="DataFolderException">The data folder is in use, not empty, or can't be written.</exception>
    public static BackupManifest Run(string backup, string data, TimeProvider clock, Action<long> tell)
    {
        (backup, data) = (Path.GetFullPath(backup), Path.GetFullPath(data));
        SqliteLibrary.RequireSafe();
        var manifest = BackupManifest.Read(backup);
        RequireEmpty(data);
        OwnerOnly.CreateFolder(data);
        using var folderLock = DataFolderLock.Take(data);
        var restoring = Path.Combine(data, DataFolder.Restoring);
        try
        {
            // Left by one that was killed.
            if (Directory.Exists(restoring))
                Directory.Delete(restoring, recursive: true);
            OwnerOnly.CreateFolder(restoring);
            foreach (var file in manifest.Files)
                Copy(backup, restoring, file, tell);
            for (var shard = 0; shard < manifest.Shards; shard++)
                NumberPushesAnew(restoring, shard, manifest.Shards, clock);
            var shards = Enumerable.Range(0, manifest.Shards).Select(BackupManifest.NameOfShard).ToArray();
            FileSums.Write(restoring, shards.Select(shard => Path.Combine(restoring, shard)));
            RequireRight(restoring, backup);
            Move(restoring, data, [.. manifest.Files.Select(static file => file.Name.Split('/')[0]).Distinct().Except(shards),
                FileSums.Name, .. shards]);
            return manifest;
        }
        catch
        {
            TryDelete(restoring);
            throw;
        }
    }

    // What a restore that was killed may leave is no data.
    private static void RequireEmpty(string data)
    {
        if (File.Exists(data))
            throw new DataFolderException($"{data} is a file; a backup is restored into a folder.");
        if (!Directory.Exists(data))
            return;
        var found = Directory.EnumerateFileSystemEntries(data).Select(static entry => Path.GetFileName(entry)!)
            .FirstOrDefault(static name => name is not (DataFolder.Restoring or DataFolderLock.LockFile or DataFolderLock.PidFile));
        if (found is not null)
            throw new DataFolderException(
                $"The folder {data} is not empty ({found}); restore into another, or move away what is in it.");
    }

    private static void Copy(string backup, string restoring, BackupFile file, Action<long> tell)
    {
        var (from, to) = (Path.Combine(backup, file.Name), Path.Combine(restoring, file.Name));
        if (!File.Exists(from))
            throw new DamagedBackupException($"{from} is missing.");
        OwnerOnly.CreateFolder(Path.GetDirectoryName(to)!);
        using (var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0))
        using (var target = OwnerOnly.OpenFile(to, FileMode.CreateNew))
        using (var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            var buffer = new byte[Buffer];
            int bytes;
            while ((bytes = source.Read(buffer)) > 0)
            {
                sum.AppendData(buffer.AsSpan(0, bytes));
                target.Write(buffer.AsSpan(0, bytes));
                tell(bytes);
            }

            if (source.Length != file.Bytes || Convert.ToHexStringLower(sum.GetHashAndReset()) != file.Sha256)
                throw new DamagedBackupException($"{from} is damaged: its SHA-256 is not that in {BackupManifest.Name}.");
        }

        Synced.File(to);
    }

    // Clients may have seen more pushes than the backup knows of, and resume after them. From a number that was never given they are told
    // that they have missed some, whatever is sent in the meantime. Who has had no push yet gets such a number, too.
    private static void NumberPushesAnew(string folder, int shard, int shards, TimeProvider clock)
    {
        using var connection = ShardFile.Open(DataFolder.FileOf(folder, shard), shard, shards, checksPages: true, out _);
        var now = clock.GetUtcNow().ToUnixTimeSeconds() * PushesASecond;
        try
        {
            connection.Execute(FormattableString.Invariant(
                $"""
                BEGIN;
                INSERT OR IGNORE INTO push_seqs (uid, seq) SELECT uid, 0 FROM users;
                UPDATE push_seqs SET seq = max(seq + {PushesASecond}, {now});
                COMMIT
                """));
        }
        catch (SqliteException exception)
        {
            throw ShardFile.Explain(exception);
        }
    }

    private static void RequireRight(string restoring, string backup)
    {
        var problems = new List<string>();
        DataCheck.Run(restoring, problems.Add);
        if (problems.Count > 0)
            throw new DamagedBackupException(
                $"{backup} holds what no host writes: {problems[0]}" + (problems.Count > 1 ? $", and {problems.Count - 1} more." : "."));
    }

    // A host does not start on a folder in which only some of them are.
    private static void Move(string restoring, string data, string[] names)
    {
        foreach (var name in names)
            Directory.Move(Path.Combine(restoring, name), Path.Combine(data, name));
        Synced.Folder(data);
        Directory.Delete(restoring, recursive: true);
        Synced.Folder(data);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No host takes it for data.
        }
    }
}
