using System.CommandLine;

namespace Swiper.Host;

/// <summary>The command line of the server.</summary>
internal static class HostCommand
{
    /// <summary>Does what a command line says; returns the exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = Create(HostProcess.RunAsync).Parse(args);
        foreach (var error in command.Errors)
            await Console.Error.WriteLineAsync($"swiper: {error.Message}");
        if (command.Errors.Count > 0)
            return ExitCode.WrongUsage;
        // The host itself ends on SIGTERM and Ctrl+C, in its own time; the command line must not end it first.
        return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <param name="run">Runs the server with what the command line says and answers the exit code.</param>
    public static RootCommand Create(Func<HostArguments, Task<int>> run)
    {
        var port = new Option<int?>("--port")
        {
            Description = "port of plain TCP (7400), which Production has with Listen:Plain=true only; 0 picks a free one",
            HelpName = "N",
        }.AnyNumber();
        var tlsPort = new Option<int?>("--tls-port") { Description = "TLS port (7443); 0 picks a free one", HelpName = "N" }.AnyNumber();
        var data = new Option<string?>("--data") { Description = "folder of the embedded engine (data)", HelpName = "DIR" };
        var environment = new Option<string>("--environment")
        {
            Description = "Development switches on its conveniences: loopback only, an outbox instead of SMS, its own certificate",
            HelpName = "NAME",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production",
        };
        var settings = SettingOption.Create("any other option, such as --set Limits:Idle=00:05:00");

        var root = new RootCommand("The Swiper server.")
        {
            port, tlsPort, data, environment, settings, MaintenanceCommands.Rebuild(environment, settings),
                MaintenanceCommands.Drift(environment, settings), CheckCommand.Create(environment, settings), VipCommands.Create(),
                ReportsCommands.Create(), HealthCommand.Create(),
                BackupCommands.Backup(), BackupCommands.Restore(),
                RestartCommand.Create(),
        };
        root.SetAction((parsed, _) => run(new HostArguments(
            parsed.GetRequiredValue(environment),
            [
                .. Setting("Listen:Port", parsed.GetValue(port)?.ToString()),
                .. Setting("Tls:Port", parsed.GetValue(tlsPort)?.ToString()),
                .. Setting("Storage:Data", parsed.GetValue(data)),
                .. parsed.GetValue(settings) ?? [],
            ])));
        return root;
    }

    internal static IEnumerable<string> Setting(string key, string? value) => value is null ? [] : [$"{key}={value}"];
}

/// <param name="Environment">Development or Production.</param>
/// <param name="Settings">KEY=VALUE pairs below the section of the options.</param>
internal sealed record HostArguments(string Environment, IReadOnlyList<string> Settings);
