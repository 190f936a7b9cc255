using Swiper.Load.Reports.Html;
using Swiper.Load.Results;

namespace Swiper.Load.Reports;

/// <summary>Writes a report for programs (JSON), for an issue (Markdown) and for a browser (HTML).</summary>
internal static class ReportWriter
{
    /// <summary>
    /// Returns the paths of the files written. Creates the folder if missing and replaces an earlier report in it.
    /// </summary>
    public static IReadOnlyList<string> Write(LoadReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        return
        [
            WriteFile("report.json", JsonReport.Write(report)),
            WriteFile("report.md", MarkdownReport.Write(report)),
            WriteFile("report.html", HtmlReport.Write(report)),
        ];

        string WriteFile(string name, string text)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, text);
            return path;
        }
    }
}
