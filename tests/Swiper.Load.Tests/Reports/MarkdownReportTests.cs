using Swiper.Load.Reports;
using Swiper.Load.Results;

namespace Swiper.Load.Tests.Reports;

public sealed class MarkdownReportTests
{
    [Fact]
    public void It_holds_verdict_command_figures_and_thresholds()
    {
        var lines = MarkdownReport.Write(SampleReports.MixedTraffic(seconds: 30)).Split('\n');

        Assert.Equal("## mixed-day, steady: failed", lines[0]);
        Assert.Contains("./swiper load mixed-day --profile steady --rate 10400", lines);
        Assert.Contains(lines, line => line.StartsWith("| **all** | ", StringComparison.Ordinal));
        Assert.Contains("| errors \\<= 0.01 % | 0.52 % | **missed** |", lines);
        Assert.Contains("| matches | 12,345 |", lines);
    }

    [Theory]
    [InlineData(null, null, ", closed loop, ")]
    [InlineData(33.3333333, 33.333, ", open loop at 33 a second, ")]
    [InlineData(1000.0, null, ", open loop at 1,000 a second, ")]
    [InlineData(1000.0, 750.0, ", open loop ramping up to 1,000 a second, 750 due on average, ")]
    public void It_tells_what_was_due(double? rate, double? due, string loop) => Assert.Contains(
        loop, MarkdownReport.Write(SampleReports.Empty with
        {
            DuePerSecond = due,
            Setting = SampleReports.Empty.Setting with { Rate = rate }
        }), StringComparison.Ordinal);

    [Fact]
    public void It_tells_what_each_process_of_a_server_took()
    {
        var setting = SampleReports.Empty.Setting with { ServerCores = 1.02, ServerProcesses = [new("host", 0.6), new("mysql-0", 0.42)] };

        Assert.Contains(
            "cores used: runner 0.71, server 1.02 (host 0.60, mysql-0 0.42), other processes 0.04, commit",
            MarkdownReport.Write(SampleReports.Empty with { Setting = setting }),
            StringComparison.Ordinal);
        Assert.Contains("cores used: runner 0.71, server 1.02, other processes 0.04, commit", MarkdownReport.Write(SampleReports.Empty),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_told_by_code()
    {
        var report = SampleReports.Of([SampleReports.Second(1, ok: 90, throttled: 10, p50: 250, connections: 4)]);
        report = report with
        {
            Steps = [report.Steps[0] with
        {
            Codes = new Dictionary<int, long> { [0] = 87, [StepResult.NoReply] = 3, [1005] = 10 } }],
        };

        Assert.Contains("| no reply 3 · 1005 Throttled 10 |\n", MarkdownReport.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_rows_of_an_overload_add_up_and_tell_replies_from_what_was_due()
    {
        var lines = MarkdownReport.Write(SampleReports.Overload()).Split('\n');

        Assert.Contains("| request | due | replies | replies a second | p50 | p90 | p99 | p99.9 | max | errors |", lines);
        Assert.Contains("| deck | 0 | 3,000 | 1,000 | – | – | – | – | – | none |", lines);
        Assert.Contains("| never sent | 180,000 | 0 | 0 | – | – | – | – | – | no reply 180,000 |", lines);
        Assert.Contains("| **all** | 180,000 | 9,000 | 3,000 | 1.5 s | 1.9 s | 2 s | 2 s | 2 s | no reply 180,000 |", lines);
        Assert.Contains("\n| request | sent | replies |", MarkdownReport.Write(SampleReports.Empty), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_break_neither_table_nor_fence_and_call_nobody()
    {
        var report = SampleReports.MixedTraffic(seconds: 3);
        var text = MarkdownReport.Write(report with
        {
            Steps = [report.Steps[0] with { Name = "a|b\n| c <b>`x` @all" }],
            Setting = report.Setting with { Command = "./swiper load '```'\n# echo" },
        });

        Assert.Contains("\n| a\\|b \\| c \\<b>\\`x\\` &#64;all | ", text, StringComparison.Ordinal);
        Assert.Contains("\n````\n./swiper load '```'\n# echo\n````\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_requests_has_no_latency_rather_than_one_of_zero()
    {
        var text = MarkdownReport.Write(SampleReports.Empty);

        Assert.Contains("- Nothing was measured: no request ended.", text, StringComparison.Ordinal);
        Assert.Contains("| echo | 0 | 0 | 0 | – | – | – | – | – | none |", text, StringComparison.Ordinal);
    }
}
