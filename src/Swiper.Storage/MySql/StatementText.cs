using System.Text;

namespace Swiper.Storage.MySql;

/// <summary>The text of a statement that was put together, which may be long.</summary>
internal static class StatementText
{
    /// <summary>In lower case: MySql.Data lowers a text whenever it runs it, into a new string unless there is nothing to change.</summary>
    public static string Of(StringBuilder sql) => sql.ToString().ToLowerInvariant();
}
