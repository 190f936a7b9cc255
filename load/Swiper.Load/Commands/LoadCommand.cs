using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Spectre.Console;
using Swiper.Load.Profiles;
using Swiper.Load.Running;
using Swiper.Load.Scenarios;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Services;

namespace Swiper.Load.Commands;

/// <summary>`./swiper load`: runs a scenario against a server.</summary>
internal static class LoadCommand
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, ILoadRunner runner)
    {
        var options = new LoadOptions();
        var root = new RootCommand(
            "Runs a load scenario against a server and writes a report. Without --server it starts a private host, fills it with users, "
            + "and deletes both afterwards.\n"
            + "Exit codes: 0 passed, 1 a threshold was missed, 2 wrong options, 3 could not run, 130 interrupted by Ctrl+C.");
        foreach (var symbol in options.All)
        {
            if (symbol is Option option)
                root.Add(option);
            else
                root.Add((Argument)symbol);
        }
        root.SetAction((parsed, stop) => RunAsync(options, parsed, string.Join(' ', ["./swiper load", .. args]), runner, stop));

        // After Ctrl+C a run drains the requests in flight and writes its report.
        return await ToolCommand.RunAsync(root, args, new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
    }

    private static async Task<int> RunAsync(LoadOptions options, ParseResult parsed, string command, ILoadRunner runner,
        CancellationToken stop)
    {
        if (options.AsksForList(parsed))
        {
            List();
            return ExitCode.Passed;
        }
        var problems = new List<string>();
        if (options.Read(parsed, problems) is not { } request)
            return ToolCommand.Refuse(problems);
        if (!TryMakeReportFolder(request.ReportFolder, out var problem))
            return ToolCommand.Refuse(problem);
        try
        {
            await using var local = request.Server is null ? await StartServerAsync(request, stop) : null;
            var server = local?.Server ?? new LoadServer
            {
                EndPoint = request.Server!, UseTls = request.UseTls, Tokens = request.Tokens, OutboxFolder = request.OutboxFolder,
            };
            var exitCode = await runner.RunAsync(request.ToPlan(server, command), request.ReportFolder, stop);
            if (local?.FirstWarning is { } warning)
                await Console.Error.WriteLineAsync($"swiper: the host logged {local.Warnings} warnings; the first: {warning}");
            return exitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("swiper: interrupted before the load started");
            return ExitCode.CouldNotRun;
        }
        catch (Exception exception) when (
            exception is LoadException or HostException or ServicesException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"swiper: {exception.Message}");
            return ExitCode.CouldNotRun;
        }
        catch (Exception exception)
        {
            // A bug in the runner: print the whole exception. System.CommandLine would exit with the code of a missed threshold.
            await Console.Error.WriteLineAsync($"swiper: {exception}");
            return ExitCode.CouldNotRun;
        }
    }

    // Done before the run: learning after an hour that the report can't be written would waste the run.
    private static bool TryMakeReportFolder(string folder, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            Directory.CreateDirectory(folder);
            problem = null;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = $"--report: {exception.Message}";
            return false;
        }
    }

    private static Task<LocalServer> StartServerAsync(LoadRequest request, CancellationToken stop)
    {
        var demands = request.Scenario.Demands;
        return LocalServer.StartAsync(request.HostProgram, demands.Tokens ? request.Settings.Robots : 0, demands.Codes, request.OnCluster,
            stop);
    }

    private static void List()
    {
        var console = TerminalConsole.Create();
        var grid = new Grid().AddColumns(2);
        foreach (var scenario in ScenarioCatalog.All)
            grid.AddRow(new Text(scenario.Name, new Style(decoration: Decoration.Bold)), new Text(scenario.Description));
        grid.AddEmptyRow();
        foreach (var name in LoadProfile.Names())
            grid.AddRow(new Text($"--profile {name}", new Style(decoration: Decoration.Bold)),
                new Text(LoadProfile.Read(name).Description));
        console.Write(grid);
    }
}

/// <summary>Runs the requested load and reports the results.</summary>
internal interface ILoadRunner
{
    /// <param name="plan">What to run, including a reachable server.</param>
    /// <param name="reportFolder">Report folder; created if missing.</param>
    /// <param name="stop">Interrupts the run; what was measured so far is still reported.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    Task<int> RunAsync(LoadPlan plan, string reportFolder, CancellationToken stop);
}
