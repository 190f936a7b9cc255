using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Swiper.Storage.Embedded.Backups;

/// <summary>Has the disk keep what was written, so that what is seen after a power cut is whole.</summary>
internal static partial class Synced
{
    private const int ReadOnly = 0;

    public static void File(string path)
    {
        using var file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    /// <summary>The names in a folder: files are where they were made or moved.</summary>
    public static void Folder(string path)
    {
        // .NET opens no folders, and Windows has no such need.
        if (OperatingSystem.IsWindows())
            return;
        var folder = Open(path, ReadOnly);
        if (folder < 0)
            throw Failed(path);
        try
        {
            if (Sync(folder) != 0)
                throw Failed(path);
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failed(string path) => new($"The folder {path} can't be synced: {Marshal.GetLastPInvokeErrorMessage()}");

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
