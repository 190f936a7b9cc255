using System.Globalization;

namespace Swiper.Storage.Migrations;

/// <summary>
/// The schemas of the release before this one. Its hosts run beside this one's while a cluster is brought up to date, and one serves again
/// where a restart has failed, so no migration may break them; each database says down to which schema its hosts may be.
/// CONTRIBUTING.md has the rule, and says when these numbers change.
/// </summary>
internal static class PreviousRelease
{
    public const int MySql = 11;
    public const int Sqlite = 12;

    /// <summary>The row of `meta` that holds the oldest schema whose hosts can use the database.</summary>
    public const string Key = "oldest_schema";

    /// <summary>For a database that is newer than the program.</summary>
    /// <param name="version">The schema of the database.</param>
    /// <param name="newest">The newest that the program knows.</param>
    /// <param name="oldest">The oldest that the database's hosts may know; null if it does not say.</param>
    /// <exception cref="SchemaException">The program can't use it.</exception>
    public static void Require(long version, long newest, string? oldest)
    {
        if (oldest is null || newest < long.Parse(oldest, CultureInfo.InvariantCulture))
            throw new SchemaException($"it was written by a newer Swiper (schema {version}; this one supports up to {newest})");
    }
}
