using Swiper.Storage.Embedded.Sqlite;

namespace Swiper.Storage.Checking;

/// <summary>Whether the library of the embedded engine is a safe one.</summary>
public static class SqliteCheck
{
    public static Finding Run()
    {
        try
        {
            SqliteLibrary.RequireSafe();
            return Finding.Ok("sqlite", $"version {SqliteLibrary.Version}; commits are synced (WAL, synchronous=FULL)");
        }
        catch (DataFolderException exception)
        {
            return Finding.Problem("sqlite", exception.Message);
        }
    }
}
