using SQLitePCL;

namespace Swiper.Storage.Embedded.Sqlite;

/// <summary>Loads the native library once a process.</summary>
internal static class SqliteLibrary
{
    private const int ConfigMemoryStatus = 9;

    static SqliteLibrary()
    {
        Batteries_V2.Init();
        // Memory statistics are one mutex for the whole process around every native allocation: lanes on several threads
        // would meet there. Nobody reads them. Refused without harm where something else has used SQLite before.
        _ = raw.sqlite3_config(ConfigMemoryStatus, 0);
    }

    public static void Load()
    {
        // The work is in the static constructor, which runs once whatever the number of threads.
    }
}
