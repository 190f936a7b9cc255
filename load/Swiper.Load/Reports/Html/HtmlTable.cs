using System.Xml.Linq;

namespace Swiper.Load.Reports.Html;

/// <summary>A column of a table; numbers are right-aligned.</summary>
internal readonly record struct Column(string Title, bool IsNumber)
{
    public static Column Words(string title) => new(title, IsNumber: false);

    public static Column Numbers(string title) => new(title, IsNumber: true);
}

/// <summary>A table that scrolls horizontally when the page is too narrow.</summary>
internal static class HtmlTable
{
    public static XElement Of(IReadOnlyList<Column> columns, IEnumerable<object[]> rows) => new(
        "div", new XAttribute("class", "scroll"),
        new XElement(
            "table",
            new XElement("thead", new XElement("tr", columns.Select(column => Cell("th", column, column.Title)))),
            new XElement("tbody",
                rows.Select(row => new XElement("tr", columns.Zip(row, (column, content) => Cell("td", column, content)))))));

    private static XElement Cell(string name, Column column, object content) =>
        new(name, column.IsNumber ? new XAttribute("class", "number") : null, content);
}
