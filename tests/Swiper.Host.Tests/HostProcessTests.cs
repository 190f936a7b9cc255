using System.Net;
using System.Net.Sockets;
using Swiper.Host.Transport;

namespace Swiper.Host.Tests;

/// <summary>Every way not to start ends in plain lines on standard error and an exit code.</summary>
[Collection(nameof(Alone))]
public sealed class HostProcessTests
{
    [Fact]
    public async Task Wrong_options_are_all_listed_and_the_exit_code_is_78()
    {
        var (exitCode, lines) = await RunAsync("Production", "Listen:Port=-1", "Limits:InFlight=0", "Sms:Url=https://example.com");
        Assert.Equal(78, exitCode);
        Assert.Equal(3, lines.Length);
        Assert.Contains("swiper: Listen:Port: -1 is not between 0 and 65535", lines);
        Assert.Contains("swiper: Limits:InFlight: 0 is not between 1 and 65536", lines);
        Assert.Contains(lines, line =>
            line.StartsWith("swiper: Tls:CertificatePath: required in Production", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_option_is_named_and_the_exit_code_is_78()
    {
        var (exitCode, lines) = await RunAsync("Development", "Limits:Idel=00:01:00");
        Assert.Equal(78, exitCode);
        Assert.Equal(["swiper: Limits:Idel: no such option"], lines);
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("epoll")]
    public async Task A_port_in_use_is_one_line_that_names_address_port_and_listener_and_the_exit_code_is_1(string transport)
    {
        Assert.SkipUnless(transport == "sockets" || EpollTransportFactory.IsSupported, "epoll needs Linux");
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var folder = new TemporaryFolder();
        string[] settings = [$"Listen:Transport={transport}", $"Storage:Data={folder.Path}"];

        Assert.Equal(
            (1, $"swiper: 127.0.0.1:{port} (TCP) is in use by another program; choose another port with --port"),
            await RefusedAsync([.. settings, $"Listen:Port={port}", "Tls:Port=0"]));
        Assert.Equal(
            (1, $"swiper: 127.0.0.1:{port} (TLS) is in use by another program; choose another port with --tls-port"),
            await RefusedAsync([.. settings, "Listen:Port=0", $"Tls:Port={port}"]));
    }

    [Theory]
    [InlineData("sockets")]
    [InlineData("epoll")]
    public async Task An_address_of_another_machine_is_one_line_and_the_exit_code_is_1(string transport)
    {
        Assert.SkipUnless(transport == "sockets" || EpollTransportFactory.IsSupported, "epoll needs Linux");
        using var folder = new TemporaryFolder();
        Assert.Equal(
            (1, "swiper: can't listen on 192.0.2.1:0 (TCP): Listen:Address is not an address of this machine"),
            await RefusedAsync(
                $"Listen:Transport={transport}", "Listen:Address=192.0.2.1", "Listen:Port=0", "Tls:Enabled=false",
                $"Storage:Data={folder.Path}"));
    }

    [Theory]
    [InlineData("Storage:Data=/proc/swiper")]
    [InlineData("Storage:Data=/dev/null/swiper")]
    public async Task A_folder_that_cannot_be_made_is_one_line_and_the_exit_code_is_1(string setting)
    {
        var (exitCode, lines) = await RunAsync("Development", "Listen:Port=0", "Tls:Enabled=false", setting);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("swiper: ", Assert.Single(lines));
    }

    [Fact]
    public async Task A_certificate_that_is_none_is_one_line_and_the_exit_code_is_1()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("certificate.pem", "not a certificate");
        var (exitCode, lines) = await RunAsync(
            "Development", "Listen:Port=0", "Tls:Port=0", $"Tls:CertificatePath={file}", $"Tls:KeyPath={file}",
            $"Storage:Data={folder.Path}");
        Assert.Equal(1, exitCode);
        Assert.StartsWith("swiper: cannot use the certificate or its key", Assert.Single(lines));
    }

    [Fact]
    public async Task Options_that_cannot_be_read_do_not_hide_those_out_of_bounds()
    {
        var (exitCode, lines) = await RunAsync("Development", "Listen:Port=abc", "Limits:Idle=xyz", "Storage:Shards=0");
        Assert.Equal((78, 3), (exitCode, lines.Length));
        Assert.Contains("swiper: Storage:Shards: 0 is not between 1 and 64", lines);
    }

    [Fact]
    public async Task The_command_line_becomes_settings()
    {
        HostArguments? seen = null;
        var command = HostCommand.Create(arguments =>
        {
            seen = arguments;
            return Task.FromResult(5);
        });
        var exitCode = await command.Parse(
            "--port 1 --tls-port 2 --data /tmp/x --environment Development --set Limits:Idle=00:01:00 --set A=B").InvokeAsync(
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal((5, "Development"), (exitCode, seen!.Environment));
        Assert.Equal(["Listen:Port=1", "Tls:Port=2", "Storage:Data=/tmp/x", "Limits:Idle=00:01:00", "A=B"], seen.Settings);
        Assert.NotEmpty(command.Parse("--prot 1").Errors);
    }

    private static async Task<(int ExitCode, string Line)> RefusedAsync(params string[] settings)
    {
        var (exitCode, lines) = await RunAsync("Development", settings);
        return (exitCode, Assert.Single(lines));
    }

    private static async Task<(int ExitCode, string[] Lines)> RunAsync(string environment, params string[] settings)
    {
        var (outBefore, errorBefore) = (Console.Out, Console.Error);
        var (output, error) = (new StringWriter(), new StringWriter());
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            var exitCode = await HostProcess.RunAsync(new HostArguments(environment, settings))
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.DoesNotContain("Exception", output.ToString());
            return (exitCode, error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            Console.SetOut(outBefore);
            Console.SetError(errorBefore);
        }
    }
}
