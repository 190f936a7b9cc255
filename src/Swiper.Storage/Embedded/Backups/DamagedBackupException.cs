namespace Swiper.Storage.Embedded.Backups;

/// <summary>A backup is not whole, or not as it was made; the message is one line for the operator and names the file.</summary>
public sealed class DamagedBackupException(string message) : StorageStartException(message);
