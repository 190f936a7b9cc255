namespace Swiper.Storage.Embedded.Backups;

/// <summary>A backup to be made.</summary>
/// <param name="Folder">The full path of the folder to be made; its parent must be there.</param>
/// <param name="BytesASecond">At most as many are copied, and then read again for their checksums.</param>
/// <param name="Swiper">The version to be noted.</param>
/// <param name="Also">Folders of the data folder with small files that belong to the shards.</param>
public sealed record BackupPlan(string Folder, long BytesASecond, string Swiper, IReadOnlyList<string> Also);

/// <summary>How far a backup has got.</summary>
/// <param name="Done">Bytes copied and bytes checked.</param>
/// <param name="Total">What there will be in the end.</param>
public readonly record struct BackupProgress(long Done, long Total);
