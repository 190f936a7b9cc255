using Swiper.Host.Checking;
using Swiper.Storage.Checking;

namespace Swiper.Host.Tests.Checking;

/// <summary>How `check` judges what the machine says of itself.</summary>
public sealed class MachineCheckTests
{
    [Theory]
    [InlineData(100_000, Verdict.Ok)]
    [InlineData(99_999, Verdict.Warning)]
    public void Descriptors_should_be_enough_for_the_connections_that_the_options_allow(long connections, Verdict verdict)
    {
        var finding = MachineCheck.JudgeDescriptors(connections + 500, connections, wanted: 100_000);

        Assert.Equal(verdict, finding.Verdict);
        Assert.StartsWith($"ulimit -Hn is {connections + 500}, for {connections} connections", finding.Text);
    }

    [Theory]
    [InlineData(4096, Verdict.Ok)]
    [InlineData(4095, Verdict.Warning)]
    public void The_kernel_should_let_as_many_wait_as_the_options_say(int granted, Verdict verdict)
    {
        var finding = MachineCheck.JudgeBacklog(granted, wanted: 4096);

        Assert.Equal(verdict, finding.Verdict);
        Assert.Equal(verdict == Verdict.Warning, finding.Text.Contains("sysctl -w net.core.somaxconn=4096", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, Verdict.Ok)]
    [InlineData(false, Verdict.Warning)]
    public void The_clock_should_be_kept_in_time(bool isSynchronized, Verdict verdict) =>
        Assert.Equal(verdict, MachineCheck.JudgeClock(isSynchronized).Verdict);

    [Theory]
    [InlineData(0.01, 30, Verdict.Warning, "no disk is that fast")]
    [InlineData(0.02, 30, Verdict.Ok, "0.02 ms, the longest 30.00 ms")]
    [InlineData(10, 30, Verdict.Ok, "10.00 ms, the longest 30.00 ms")]
    [InlineData(10.1, 30, Verdict.Warning, "use a disk that syncs faster")]
    public void A_sync_should_take_as_long_as_a_good_disk_needs(double median, double longest, Verdict verdict, string text)
    {
        var finding = MachineCheck.JudgeDisk("/data", TimeSpan.FromMilliseconds(median), TimeSpan.FromMilliseconds(longest));

        Assert.Equal(verdict, finding.Verdict);
        Assert.Contains(text, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_can_not_be_written_is_a_problem()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no such folder elsewhere");

        // Not even root can.
        var finding = MachineCheck.Disk("/proc/swiper");

        Assert.Equal((Verdict.Problem, "disk"), (finding.Verdict, finding.Subject));
        Assert.Contains("can't be written", finding.Text, StringComparison.Ordinal);
    }
}
