namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>The data folder can't be used; the message is one line for the operator and names the folder or the file.</summary>
public sealed class DataFolderException(string message, Exception? inner = null) : StorageStartException(message, inner);
