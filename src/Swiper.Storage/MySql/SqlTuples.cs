using System.Text;

namespace Swiper.Storage.MySql;

internal static class SqlTuples
{
    /// <summary>(@p0, @p1), (@p2, @p3), ...</summary>
    public static StringBuilder AppendTuples(this StringBuilder sql, int tuples, int columns)
    {
        for (var i = 0; i < tuples * columns; i++)
            sql.Append(i % columns != 0 ? ", " : i == 0 ? "(" : "), (").Append(ParameterNames.Of(i));
        return sql.Append(')');
    }
}
