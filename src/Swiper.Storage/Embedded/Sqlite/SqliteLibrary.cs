using System.Globalization;
using SQLitePCL;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>Loads the native library once per process.</summary>
internal static class SqliteLibrary
{
    private const int ConfigMemoryStatus = 9;

    /// <summary>
    /// The oldest safe version, 3.51.3, as SQLite encodes it. Older ones can lose acknowledged writes if two connections write and
    /// checkpoint at the same moment ("the WAL-reset bug", https://sqlite.org/wal.html).
    /// </summary>
    private const int OldestVersion = 3_051_003;

    static SqliteLibrary()
    {
        Batteries_V2.Init();
        // No mutexes in connections: a lane owns its writer, and a reader is rented by one thread at a time.
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MULTITHREAD);
        // Memory statistics, which nobody reads, take a process-wide mutex around every native allocation, on which lanes would contend.
        // Both calls fail harmlessly if something else has used SQLite before.
        _ = raw.sqlite3_config(ConfigMemoryStatus, 0);
    }

    /// <summary>The version of the library.</summary>
    public static string Version => Name(raw.sqlite3_libversion_number());

    public static void Load()
    {
        // The static constructor does the work, once for any number of threads.
    }

    /// <exception cref="DataFolderException">The library is a version that can lose acknowledged writes.</exception>
    public static void RequireSafe()
    {
        Load();
        RequireSafe(raw.sqlite3_libversion_number());
    }

    /// <param name="version">As <c>sqlite3_libversion_number</c> has it: 3,051,003 is 3.51.3.</param>
    internal static void RequireSafe(int version)
    {
        if (version < OldestVersion)
        {
            throw new DataFolderException(
                $"This SQLite is {Name(version)}, which can lose acknowledged writes; Swiper needs {Name(OldestVersion)} or newer. " +
                "Delete e_sqlite3 from the program's folder and build or publish it anew.");
        }
    }

    private static string Name(int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version / 1_000_000}.{version / 1000 % 1000}.{version % 1000}");
}
