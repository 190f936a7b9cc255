using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Embedded.Backups;

/// <summary>
/// What a backup holds: `manifest.json` in it, whose own SHA-256 is beside it for `sha256sum -c`. Whoever finds both whole can tell
/// whether all else is.
/// </summary>
/// <param name="Format">1.</param>
/// <param name="Swiper">The version of the host that made it.</param>
/// <param name="Sqlite">Its SQLite's version.</param>
/// <param name="Schema">The schema of the shards.</param>
/// <param name="Shards">How many there are.</param>
/// <param name="Moment">When it was as the backup has it.</param>
/// <param name="Files">Everything else in the folder.</param>
public sealed record BackupManifest(
    int Format, string Swiper, string Sqlite, int Schema, int Shards, DateTimeOffset Moment, IReadOnlyList<BackupFile> Files)
{
    internal const string Name = "manifest.json";
    internal const string SumName = Name + ".sha256";
    internal const int Newest = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>How many bytes its files have.</summary>
    [JsonIgnore]
    public long Bytes => Files.Sum(static file => file.Bytes);

    internal static string NameOfShard(int shard) => string.Create(CultureInfo.InvariantCulture, $"shard-{shard}.db");

    /// <summary>Writes and syncs it, the last of what is in a backup.</summary>
    internal void Write(string folder)
    {
        var file = Path.Combine(folder, Name);
        Write(file, JsonSerializer.SerializeToUtf8Bytes(this, Json));
        Write(Path.Combine(folder, SumName), Encoding.UTF8.GetBytes($"{FileSums.SumOf(file)}  {Name}\n"));
        Synced.Folder(folder);
    }

    private static void Write(string file, byte[] content)
    {
        using var stream = OwnerOnly.OpenFile(file, FileMode.CreateNew);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    /// <exception cref="DamagedBackupException">There is none, or it is not as it was written.</exception>
    /// <exception cref="DataFolderException">A newer Swiper has written it.</exception>
    internal static BackupManifest Read(string folder)
    {
        var file = Path.Combine(folder, Name);
        var sum = Path.Combine(folder, SumName);
        if (!File.Exists(file) || !File.Exists(sum))
            throw new DamagedBackupException($"{folder} is not a backup, or not a complete one: {Name} or {SumName} is missing.");
        if (File.ReadAllText(sum) != $"{FileSums.SumOf(file)}  {Name}\n")
            throw new DamagedBackupException($"{file} is damaged: its SHA-256 is not that in {SumName}.");
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(file), Json);
            if (manifest?.Format > Newest || manifest?.Schema > SqliteMigrator.Shard.Newest)
                throw new DataFolderException($"The backup {folder} was made by a newer Swiper, {manifest.Swiper}; restore it with that.");
            if (manifest is not null && manifest.IsMeaningful())
                return manifest;
        }
        catch (JsonException)
        {
            // As any other that says nothing.
        }
        throw new DamagedBackupException($"{file} is not what a backup writes.");
    }

    // Somebody may have edited it: no file may be restored to anywhere else.
    private bool IsMeaningful() => Format == Newest && Shards is >= 1 and <= Sharding.ShardMap.Buckets
        && Enumerable.Range(0, Shards).Select(NameOfShard).All(shard => Files.Any(file => file.Name == shard))
        && Files.All(static file => file.Name.Split('/') is { Length: 1 or 2 } parts
            && parts.All(static part => part is not ("" or "." or "..") && part.IndexOfAny(Path.GetInvalidFileNameChars()) < 0));
}

/// <param name="Name">Its path in the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its checksum in lower-case hex.</param>
public sealed record BackupFile(string Name, long Bytes, string Sha256);
