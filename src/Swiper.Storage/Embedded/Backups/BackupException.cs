namespace Swiper.Storage.Embedded.Backups;

/// <summary>A backup that was not made; the message is one line for the operator. Nothing is left of it.</summary>
public sealed class BackupException(string message, Exception? inner = null) : Exception(message, inner);
