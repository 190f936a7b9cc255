namespace Swiper.Tools.Tests.Script;

/// <summary>`./swiper --help`, `./swiper COMMAND --help`, and the script's other direct answers.</summary>
public sealed class HelpTests : IDisposable
{
    private readonly ScriptSandbox _sandbox = new();

    public static TheoryData<string> Commands =>
    [
        .. Directory.EnumerateFiles(SharedFiles.InRepository("tools", "help")).Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(command => command != "help"),
    ];

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    public async Task All_commands_are_named(params string[] arguments)
    {
        var run = await _sandbox.RunAsync(arguments);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        foreach (string command in Commands)
            Assert.Contains($"\n  {command} ", run.Output);
        Assert.Empty(_sandbox.DotnetCalls);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_command_tells_its_usage_without_building_or_installing_anything(string command)
    {
        var run = await _sandbox.RunAsync(command, "--cluster", "--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith($"Usage: ./swiper {command}", run.Output);
        Assert.DoesNotContain("@", run.Output);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 150, line));
        Assert.Empty(_sandbox.DotnetCalls);
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("robots")]
    [InlineData("decisions")]
    [InlineData("protocol")]
    [InlineData("top")]
    public Task The_help_of_a_tool_has_its_options(string command) =>
        HelpText.AssertCompleteAsync(command, "Swiper.Tools.dll", [command], added: [], kept: []);

    [Theory]
    [InlineData("rebuild")]
    [InlineData("drift")]
    public Task The_help_of_what_works_on_an_index_has_the_options_of_the_host(string command) =>
        HelpText.AssertCompleteAsync(command, "Swiper.Host.dll", [command], added: ["--cluster"], kept: []);

    [Fact]
    public Task The_help_of_check_has_the_options_of_the_host() =>
        HelpText.AssertCompleteAsync(
            "check", "Swiper.Host.dll", ["check"], added: ["--production", "--cluster"], kept: ["--environment"]);

    [Fact]
    public Task The_help_of_restart_has_the_options_of_the_host() => HelpText.AssertCompleteAsync(
        "restart", "Swiper.Host.dll", ["restart"], added: ["--cluster", "--production"], kept: ["--environment"]);

    [Fact]
    public Task The_help_of_restore_has_the_options_of_the_host() =>
        HelpText.AssertCompleteAsync("restore", "Swiper.Host.dll", ["restore"], added: [], kept: []);

    [Fact]
    public Task The_help_of_backup_has_the_options_of_the_host() =>
        HelpText.AssertCompleteAsync("backup", "Swiper.Host.dll", ["backup"], added: ["--production"], kept: ["--environment"]);

    [Fact]
    public Task The_help_of_vip_has_the_options_of_the_host_and_of_its_subcommands() => HelpText.AssertCompleteAsync(
        "vip", "Swiper.Host.dll", ["vip"], added: ["--cluster", "--production", "--name", "--permissions", "--price"],
        kept: ["--environment"]);

    [Fact]
    public Task The_help_of_reports_has_the_options_of_the_host_and_of_its_subcommands() => HelpText.AssertCompleteAsync(
        "reports", "Swiper.Host.dll", ["reports"], added: ["--cluster", "--production", "--limit"], kept: ["--environment"]);

    [Fact]
    public Task The_help_of_run_has_the_options_of_the_host() => HelpText.AssertCompleteAsync(
        "run", "Swiper.Host.dll", [], added: ["--cluster", "--redis-cluster", "--production"], kept: ["--environment"]);

    [Theory]
    [InlineData("swim")]
    [InlineData("../help/run")]
    [InlineData("swiper")]
    public async Task A_command_that_there_is_not_is_refused(string command)
    {
        var run = await _sandbox.RunAsync(command);

        Assert.Equal((2, $"swiper: unknown command '{command}'; ./swiper --help lists the commands", ""),
            (run.ExitCode, run.Errors.Trim(), run.Output));
    }

    [Fact]
    public async Task The_version_is_that_of_what_is_built()
    {
        var run = await _sandbox.RunAsync("--version");

        Assert.Equal((0, $"swiper {typeof(ToolRun).Assembly.GetName().Version!.ToString(3)}"), (run.ExitCode, run.Output.Trim()));
        Assert.Empty(_sandbox.DotnetCalls);
    }

    public void Dispose() => _sandbox.Dispose();
}
