using System.Globalization;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>
/// Keeps a second process (or a second engine in this one) out of a data folder. An operating system lock, so that a killed process leaves
/// no lock behind, only files.
/// </summary>
internal sealed class DataFolderLock : IDisposable
{
    public const string LockFile = "swiper.lock";

    // Not in the lock file itself: a fully locked file can't be read to learn its holder.
    public const string PidFile = "swiper.pid";

    private readonly FileStream _lock;
    private readonly string _pidPath;

    private DataFolderLock(FileStream stream, string pidPath)
    {
        _lock = stream;
        _pidPath = pidPath;
    }

    /// <exception cref="DataFolderException">The lock is held, or the folder can't be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var pidPath = Path.Combine(folder, PidFile);
        FileStream? stream = null;
        try
        {
            stream = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolderLock(stream, pidPath);
        }
        // A held lock is the only I/O failure without an exception type of its own.
        catch (IOException exception) when (stream is null && exception.GetType() == typeof(IOException))
        {
            throw new DataFolderException($"The data folder {folder} is in use by another Swiper{Holder(pidPath)}.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new DataFolderException($"The data folder {folder} can't be written: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        try
        {
            File.Delete(_pidPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Informational only; the next holder overwrites it.
        }

        // The lock file stays: deleting it would let one process lock the deleted file and the next a new one.
        _lock.Dispose();
    }

    private static string Holder(string pidPath)
    {
        try
        {
            return int.TryParse(File.ReadAllText(pidPath), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                ? $" (process {pid})" : "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
