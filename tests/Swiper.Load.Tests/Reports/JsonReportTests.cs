using Swiper.Load.Reports;

namespace Swiper.Load.Tests.Reports;

public sealed class JsonReportTests
{
    [Fact]
    public void A_report_reads_back_as_it_was_written()
    {
        var report = SampleReports.MixedTraffic(seconds: 20) with { Interrupted = true };
        report = report with { Setting = report.Setting with { ServerProcesses = [new("host", 0.6), new("mysql-0", 0.42)] } };

        var read = JsonReport.Read(JsonReport.Write(report));

        Assert.Equivalent(report, read, strict: true);
        Assert.Equal(JsonReport.Write(report), JsonReport.Write(read));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(null)]
    public void What_others_took_reads_back_known_or_not(double? cores)
    {
        var report = SampleReports.Empty with { Setting = SampleReports.Empty.Setting with { OtherCores = cores } };

        Assert.Equal(cores, JsonReport.Read(JsonReport.Write(report)).Setting.OtherCores);
    }

    [Fact]
    public void Figures_that_are_not_numbers_read_back_too()
    {
        var report = SampleReports.Empty with
        {
            Figures = new Dictionary<string, double> { ["mean"] = double.NaN, ["rate"] = double.PositiveInfinity },
        };

        Assert.Equal(report.Figures, JsonReport.Read(JsonReport.Write(report)).Figures);
    }

    [Fact]
    public void Names_in_it_are_those_of_other_programs()
    {
        var json = JsonReport.Write(SampleReports.Of([SampleReports.Second(1, ok: 90, throttled: 10, p50: 250, connections: 4)]));

        Assert.Contains("\"perSecond\": 100", json, StringComparison.Ordinal);
        Assert.Contains("\"1005\": 10", json, StringComparison.Ordinal);
        Assert.Contains("\"passed\": true", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"scenario\": \"echo\"}")]
    [InlineData("{\"scenario\": null, \"profile\"")]
    public void What_is_no_report_is_refused_in_one_line(string json)
    {
        var refusal = Assert.Throws<InvalidDataException>(() => JsonReport.Read(json));

        Assert.StartsWith("not a load report: ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
