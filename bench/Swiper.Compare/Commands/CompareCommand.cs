using Spectre.Console;
using Swiper.Compare.Processes;
using Swiper.Compare.Report;
using Swiper.Compare.Rows;
using Swiper.Local;

namespace Swiper.Compare.Commands;

/// <summary>One run of one kind, printed and kept where it was asked for.</summary>
internal static class CompareCommand
{
    /// <summary>
    /// Answers the exit code: 1 where something could not run, 2 where nothing was because the options are wrong. A figure, however
    /// bad, fails nothing.
    /// </summary>
    public static int Run(CompareOptions options)
    {
        var document = new PerformanceDocument(options.Kind);
        string[] problems =
        [
            .. options.Problems(),
            .. options.Write && document.Problem() is { } noPlace ? (string[])[noPlace] : [],
            .. OperatingSystem.IsLinux() ? (string[])[] : ["the load client uses epoll: the comparison runs on Linux only"],
        ];
        if (problems.Length > 0)
            return ToolCommand.Refuse(problems);

        using var subjects =
            new Subjects(new SwiperHostPlan(options.Host, options.Robots) { Settings = options.Settings }, options.OnCluster);
        if ((options.OfAncestor ? AncestorRun.Take(subjects, options) : ComparisonRun.Take(subjects, options)) is not { } result)
            return ToolCommand.Refuse($"--filter: no row's name holds {string.Join(" or ", options.Filter)}");
        result.Report.Print();
        if (options.Json is { } path)
            ResultFile.Write(path, result.Figures);
        if (options.Write)
            Write(document, result);
        return result.HasFailed ? 1 : 0;
    }

    // A run that lacks rows must not take the place of a whole one.
    private static void Write(PerformanceDocument document, RunResult result)
    {
        if (result.HasFailed)
        {
            AnsiConsole.WriteLine("Not written: something could not run.");
            return;
        }
        document.Write(result.Report.ToMarkdown());
        AnsiConsole.WriteLine("Written to docs/performance.md.");
    }
}
