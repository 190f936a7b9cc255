using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Starting;

/// <summary>A server that can't start says why in one line for people, and what it ends with is for scripts.</summary>
public sealed class RefusalTests
{
    [Fact]
    public async Task A_data_folder_that_another_server_holds_is_refused_by_name()
    {
        using var data = new ScratchFolder("end-to-end");
        using var holder = await TestHost.StartAsync(data);

        var (exitCode, lines) = await RefusedAsync("--environment", "Development", "--data", data, "--port", "0", "--tls-port", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains(data, Assert.Single(lines), StringComparison.Ordinal);
        Assert.Contains(holder.Id.ToString(CultureInfo.InvariantCulture), lines[0], StringComparison.Ordinal);
        await using var client = await holder.ConnectAsync();
        await holder.SignInAsync(client, Outbox.NewPhone());
    }

    [Fact]
    public async Task A_damaged_shard_file_is_refused_by_name_and_left_as_it_is()
    {
        using var data = new ScratchFolder("end-to-end");
        await TestHost.MakeRobotsAsync(data, 10);
        var file = Path.Combine(data, "shard-2.db");
        var bytes = await File.ReadAllBytesAsync(file);
        new Random(1).NextBytes(bytes.AsSpan(0, 512));
        await File.WriteAllBytesAsync(file, bytes);

        var (exitCode, lines) = await RefusedAsync("--environment", "Development", "--data", data, "--port", "0", "--tls-port", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains(file, Assert.Single(lines), StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file));
    }

    [Fact]
    public async Task A_port_in_use_is_refused_by_number()
    {
        using var data = new ScratchFolder("end-to-end");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (exitCode, lines) = await RefusedAsync("--environment", "Development", "--data", data, "--port", port, "--tls-port", "0");

        Assert.Equal(1, exitCode);
        Assert.Contains(port, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_options_are_all_listed()
    {
        using var data = new ScratchFolder("end-to-end");

        var (exitCode, lines) = await RefusedAsync(
            "--environment", "Development", "--data", data, "--port", "70000",
            "--set", "Limits:MaxFrame=1", "--set", "Storage:Shards=0", "--set", "Accounts:TokenLifetime=-1");

        Assert.Equal(78, exitCode);
        foreach (var option in new[] { "Listen:Port", "Limits:MaxFrame", "Storage:Shards", "Accounts:TokenLifetime" })
            Assert.Contains(lines, line => line.Contains(option, StringComparison.Ordinal));
        Assert.Empty(Directory.GetFileSystemEntries(data));
    }

    [Theory]
    [InlineData("Limits:MaxFrames=100000", "swiper: Limits:MaxFrames: no such option")]
    [InlineData("Limits:Idle=soon", "swiper: Limits:Idle: 'soon' is not a time such as 00:00:30")]
    [InlineData("Logging:LogLevel:Default=Chatty",
        "swiper: Logging:LogLevel:Default: 'Chatty' is not one of trace, debug, information, warning, error, critical, none")]
    public async Task A_setting_that_is_wrong_is_refused_by_name(string setting, string problem)
    {
        var (exitCode, lines) = await RefusedAsync("--environment", "Development", "--set", setting);

        Assert.Equal((78, problem), (exitCode, Assert.Single(lines)));
    }

    [Theory]
    [InlineData("swiper: --set Limits: expected KEY=VALUE", "--set", "Limits")]
    [InlineData("swiper: --port: 'seven' is not a whole number in range", "--port", "seven")]
    [InlineData("swiper: Unrecognized command or argument '--prot=7400'.", "--prot=7400")]
    [InlineData("swiper: --rate: 'abc' is not a whole number in range", "drift", "--rate", "abc")]
    [InlineData("swiper: --rate: at least 1", "rebuild", "--rate", "0")]
    public async Task A_command_line_that_cannot_be_read_is_refused_by_name(string problem, params string[] arguments)
    {
        var (exitCode, lines) = await RefusedAsync(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(problem, lines);
        Assert.All(lines, line => Assert.StartsWith("swiper: ", line));
    }

    [Fact]
    public async Task Production_says_all_that_it_needs()
    {
        using var data = new ScratchFolder("end-to-end");

        var (exitCode, lines) = await RefusedAsync("--environment", "Production", "--data", data, "--set", "Accounts:LiftRateLimits=true");

        Assert.Equal(78, exitCode);
        foreach (var option in new[] { "Tls:CertificatePath", "Sms:Url", "Accounts:LiftRateLimits" })
            Assert.Contains(lines, line => line.Contains(option, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-n", 64)]
    [InlineData("-n", 128)]
    [InlineData("-n", 200)]
    [InlineData("-n", 300)]
    [InlineData("-v", 4_000_000)]
    public async Task A_system_that_grants_too_little_is_refused_in_one_line_that_says_what(string limit, int granted)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ulimit needs Linux");
        using var data = new ScratchFolder("end-to-end");
        var plan = TestHost.Plan(data) with { ShellPrelude = $"ulimit {limit} {granted}" };

        var (exitCode, _, errors) = await ProgramRun.OfAsync(plan.ToStart(), Patience.Limit);

        Assert.Equal(71, exitCode);
        Assert.StartsWith($"swiper: ulimit {limit} is {granted}; at least ",
            Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string[] ErrorLines)> RefusedAsync(params string[] arguments)
    {
        var (exitCode, _, errors) = await TestHost.RunAsync(arguments);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return (exitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
