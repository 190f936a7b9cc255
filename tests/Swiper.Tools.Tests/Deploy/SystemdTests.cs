using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Swiper.Host.Options;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>deploy/systemd, as systemd itself reads it.</summary>
public sealed partial class SystemdTests : IDisposable
{
    // Of 10, where 10 is a service that may do everything.
    private const double MostExposure = 2.0;

    private readonly TemporaryFolder _folder = new();
    private readonly string _unit;

    public SystemdTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux'");
        // There is no host at the place where it will be installed.
        var text = File.ReadAllText(Repository.PathOf("deploy", "systemd", "swiper.service"));
        Assert.Contains("ExecStart=/opt/swiper/Swiper.Host ", text, StringComparison.Ordinal);
        _unit = _folder.Write("swiper.service", text.Replace("/opt/swiper/Swiper.Host", "/bin/true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_the_unit()
    {
        var run = await ProgramRun.OfAsync("systemd-analyze", "verify", "--man=no", _unit);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output.Trim(), run.Errors.Trim()));
    }

    [Fact]
    public async Task The_service_may_do_next_to_nothing_but_serve()
    {
        var start = new ProcessStartInfo("systemd-analyze", ["security", "--offline=true", "--no-pager", _unit]);
        var run = await ProgramRun.OfAsync(start);
        var exposure = Exposure().Match(run.Output);
        Assert.True(exposure.Success, run.All);
        Assert.InRange(double.Parse(exposure.Groups["level"].ValueSpan, CultureInfo.InvariantCulture), 0, MostExposure);
    }

    [Fact]
    public void It_has_as_many_descriptors_as_connections_and_time_to_drain()
    {
        var settings = File.ReadLines(_unit).Select(static line => line.Split('=', 2)).Where(static pair => pair.Length == 2)
            .ToLookup(static pair => pair[0], static pair => pair[1]);
        Assert.Equal("notify", settings["Type"].Single());
        Assert.InRange(int.Parse(settings["LimitNOFILE"].Single(), CultureInfo.InvariantCulture),
            new ConnectionLimits().Connections + 1000, int.MaxValue);
        Assert.InRange(int.Parse(settings["TimeoutStopSec"].Single().TrimEnd('s'), CultureInfo.InvariantCulture),
            2 * new ConnectionLimits().Drain.TotalSeconds, 90);
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"Overall exposure level for swiper\.service: (?<level>[0-9.]+)")]
    private static partial Regex Exposure();
}
