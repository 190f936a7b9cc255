using System.Diagnostics;
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

    // A killed process holds its lock until the system has closed its files, and may be gone for others before.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _lock;
    private readonly string _pidPath;

    private DataFolderLock(FileStream stream, string pidPath)
    {
        _lock = stream;
        _pidPath = pidPath;
    }

    /// <summary>Takes the lock; waits a moment for a process that is ending.</summary>
    /// <exception cref="DataFolderException">The lock is held, or the folder can't be written.</exception>
    public static DataFolderLock Take(string folder)
    {
        var pidPath = Path.Combine(folder, PidFile);
        var begun = Stopwatch.GetTimestamp();
        FileStream? stream = null;
        try
        {
            while ((stream = TryLock(Path.Combine(folder, LockFile))) is null)
            {
                if (Stopwatch.GetElapsedTime(begun) >= Patience)
                    throw new DataFolderException($"The data folder {folder} is in use by another Swiper{Holder(pidPath)}.");
                Thread.Sleep(Pause);
            }
            File.WriteAllText(pidPath, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DataFolderLock(stream, pidPath);
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

    // Null if it is held.
    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        // A held lock is the only I/O failure without an exception type of its own.
        catch (IOException exception) when (exception.GetType() == typeof(IOException))
        {
            return null;
        }
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
