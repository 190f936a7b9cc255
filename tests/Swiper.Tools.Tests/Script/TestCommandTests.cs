namespace Swiper.Tools.Tests.Script;

/// <summary>`./swiper test`.</summary>
public sealed class TestCommandTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    [Fact]
    public async Task What_failed_is_named_in_the_last_lines_before_the_sums()
    {
        var run = await _sandbox.RunAsync("test", "Core", "Host");

        Assert.True(run.ExitCode == 1, run.All);
        Assert.Equal(
            [
                "Failed:",
                "  Swiper.Host.Tests printed no summary: it crashed or was stopped after 25 minutes",
                "  Swiper.Tools.Tests.Script.Examples.What_does_not_hold",
                @"  Swiper.Tools.Tests.Script.Examples.What_holds_of_one(number: 2, text: ""two\nlines"")",
                "2 passed, 3 failed, 1 skipped",
            ],
            InOrder(run.Output.TrimEnd().Split('\n')[^5..]));
        Assert.Contains("this is its message", run.Output);
    }

    [Fact]
    public async Task A_suite_is_built_and_run_alone_and_asked_for_nothing_that_it_does_not_need()
    {
        await _sandbox.RunAsync("test", "core");

        Assert.Equal(
            ["build tests/Swiper.Core.Tests -c Release --verbosity quiet",
                "tests/Swiper.Core.Tests/bin/Release/net10.0/Swiper.Core.Tests.dll -noColor"],
            _sandbox.DotnetCalls);
    }

    [Theory]
    [InlineData("swiper: missing: python3; install the packages python3", "Client")]
    [InlineData("swiper: missing: python3; install the packages python3", "Core", "Client")]
    [InlineData("swiper: missing: python3, redis-server; install the packages python3 redis-server", "Client", "Storage")]
    [InlineData(
        "swiper: missing: openssl, prometheus, python3, redis-server; install the packages openssl prometheus python3 redis-server")]
    public async Task What_a_suite_needs_and_nobody_may_install_is_named_in_one_line(string problem, params string[] suites)
    {
        // The script also searches /usr/sbin, where Debian installs some of them.
        foreach (var program in (string[])["git", "mariadbd", "mariadb", "mariadb-dump", "redis-cli", "haproxy", "nginx",
            "promtool", "systemd-analyze"])
            _sandbox.Provide(program);

        var run = await _sandbox.RunAsync(["test", .. suites]);

        Assert.Equal((1, problem, ""), (run.ExitCode, run.Errors.Trim(), run.Output));
        Assert.Empty(_sandbox.DotnetCalls);
    }

    [Theory]
    [InlineData("Cora")]
    [InlineData("Cor")]
    [InlineData(".*")]
    public async Task A_suite_that_there_is_not_is_an_error_that_names_those_there_are(string name)
    {
        var run = await _sandbox.RunAsync("test", "Core", name);

        Assert.Equal(
            (2, $"swiper: unknown suite '{name}'; the suites are Client, Core, EndToEnd, Host, Storage", ""),
            (run.ExitCode, run.Errors.Trim(), run.Output));
        Assert.Empty(_sandbox.DotnetCalls);
    }

    [Fact]
    public async Task Without_a_name_everything_is_built_its_format_is_checked_and_all_suites_run()
    {
        ProvideAll();

        var run = await _sandbox.RunAsync("test");

        Assert.Equal(
            [
                "build Swiper.sln -c Release --verbosity quiet -p:UseSharedCompilation=true",
                "format Swiper.sln --verify-no-changes --no-restore",
            ],
            _sandbox.DotnetCalls.Take(2));
        // EndToEnd runs beside the others.
        var suites = _sandbox.DotnetCalls.Skip(2).Select(Suite).ToArray();
        Assert.Equal(["Client", "Core", "Host", "Storage"], suites.Where(suite => suite != "EndToEnd"));
        Assert.Single(suites, "EndToEnd");
        Assert.DoesNotContain("dotnet format", run.Output);
    }

    [Fact]
    public async Task A_format_that_is_off_is_a_failure_and_the_tests_run_all_the_same()
    {
        ProvideAll();
        _sandbox.SetFormatExitCode(2);

        var run = await _sandbox.RunAsync("test");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("\n  code formatting: run dotnet format Swiper.sln\n", run.Output);
        // Two examples, and four suites that crash or do not exist.
        Assert.EndsWith("\n2 passed, 7 failed, 1 skipped\n", run.Output);
        Assert.Equal(7, _sandbox.DotnetCalls.Count);
    }

    public void Dispose() => _sandbox.Dispose();

    private void ProvideAll()
    {
        foreach (var program in (string[])
            ["git", "openssl", "prometheus", "promtool", "python3", "systemd-analyze", "haproxy", "nginx", "mariadbd", "mariadb",
            "mariadb-dump", "redis-server", "redis-cli"])
            _sandbox.Provide(program);
    }

    // Tests of a class run in any order.
    private static IEnumerable<string> InOrder(string[] lines) => [lines[0], .. lines[1..^1].Order(StringComparer.Ordinal), lines[^1]];

    private static string Suite(string call) => call.Split('/')[1].Split('.')[1];
}
