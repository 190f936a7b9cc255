using Swiper.Load.Reports;
using Swiper.Local;

namespace Swiper.Load.Tests.Reports;

public sealed class ReportWriterTests : IDisposable
{
    private readonly ScratchFolder _folder = new("load-tests");

    [Fact]
    public void Three_files_are_written_into_a_folder_made_for_them()
    {
        var paths = ReportWriter.Write(SampleReports.Empty, Path.Combine(_folder, "deep", "inside"));

        Assert.Equal(["report.json", "report.md", "report.html"], paths.Select(Path.GetFileName));
        Assert.All(paths, path => Assert.NotEqual(0, new FileInfo(path).Length));
    }

    [Fact]
    public void A_later_report_takes_the_place_of_an_earlier_one()
    {
        ReportWriter.Write(SampleReports.MixedTraffic(seconds: 30), _folder);
        var paths = ReportWriter.Write(SampleReports.Empty, _folder);

        Assert.Equal("echo", JsonReport.Read(File.ReadAllText(paths[0])).Scenario);
        Assert.Equal(3, Directory.GetFiles(_folder).Length);
    }

    public void Dispose() => _folder.Dispose();
}
