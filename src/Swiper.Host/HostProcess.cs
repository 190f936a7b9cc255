using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Swiper.Host.Checking;
using Swiper.Host.Restarts;
using Swiper.Host.Web;
using Swiper.Storage.Checking;
using Swiper.Storage.Cluster;
using Swiper.Storage.Embedded;
using Swiper.Storage.Embedded.Backups;

namespace Swiper.Host;

/// <summary>Runs the server until it is stopped, and turns every failure into one clear line and an exit code.</summary>
internal static class HostProcess
{
    public static async Task<int> RunAsync(HostArguments arguments)
    {
        using var replacement = new Replacement(Predecessor.Find());
        return await ExplainAsync(() => ServeAsync(arguments, replacement), replacement.SayFailed);
    }

    /// <summary>Runs something on the index of the cluster that the options name, without a server.</summary>
    public static Task<int> RunMaintenanceAsync(HostArguments arguments, Func<IndexMaintenance, Task<int>> run) => ExplainAsync(async () =>
    {
        using var maintenance = Composition.BuildMaintenance(arguments);
        return await run(maintenance);
    });

    /// <summary>Reads all files of a stopped embedded engine, and prints what is wrong with them.</summary>
    public static Task<int> CheckAsync(string folder) => ExplainAsync(async () =>
    {
        var problems = 0;
        var rows = await Task.Run(() => DataCheck.Run(folder, problem =>
        {
            problems++;
            Console.WriteLine(problem);
        }));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows read, {problems:N0} problems"));
        return problems == 0 ? ExitCode.Ok : ExitCode.Differs;
    });

    /// <summary>Looks at the machine and the configuration of a host, and prints a line a finding.</summary>
    public static Task<int> CheckSystemAsync(HostArguments arguments) => ExplainAsync(async () =>
    {
        var found = await SystemCheck.RunAsync(arguments);
        foreach (var finding in found)
            Console.WriteLine($"{finding.Verdict.ToString().ToLowerInvariant(),-8} {finding.Subject}: {finding.Text}");
        var (problems, warnings) = (Count(Verdict.Problem), Count(Verdict.Warning));
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{found.Count} findings, {problems} problems, {warnings} warnings"));
        return problems == 0 ? ExitCode.Ok : ExitCode.Differs;

        int Count(Verdict verdict) => found.Count(finding => finding.Verdict == verdict);
    });

    /// <summary>Makes a data folder of a backup.</summary>
    public static Task<int> RestoreAsync(string backup, string data) => ExplainAsync(async () =>
    {
        var progress = new ProgressLine(TimeSpan.FromSeconds(1));
        var copied = 0L;
        var restored = await Task.Run(() => BackupRestore.Run(
            backup, data, TimeProvider.System, bytes => progress.Tell($"{BackupCommands.Megabytes(copied += bytes)} copied")));
        Console.WriteLine(
            $"{Path.GetFullPath(data)}: {BackupCommands.Megabytes(restored.Bytes)}, as of {BackupCommands.Time(restored.Moment)}; "
            + $"start the host with Storage:Shards={restored.Shards}");
        return ExitCode.Ok;
    });

    /// <summary>Has a running host do something.</summary>
    public static Task<int> RunOperationAsync(HostArguments arguments, Func<OperationsClient, Task> run) => ExplainAsync(async () =>
    {
        using var client = new OperationsClient(Composition.FindOperationsSocket(arguments));
        await run(client);
        return ExitCode.Ok;
    });

    private static async Task<int> ServeAsync(HostArguments arguments, Replacement replacement)
    {
        var hadTerminal = Terminal.IsThere();
        using var hangUp = Terminal.IgnoresHangUp() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            replacement.OnHangUp(isTerminalGone: hadTerminal && !Terminal.IsThere());
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel |= replacement.OnTerminate());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel |= replacement.OnTerminate());
        do
        {
            await using var app = Composition.Prepare(arguments, replacement);
            ServiceManager.Follow(app.Lifetime, replacement);
            await app.TakeOverAsync(arguments, replacement);
            Composition.Complete(app);
            await app.RunAsync();
        }
        while (!await replacement.IsOverAsync());
        return ExitCode.Ok;
    }

    private static async Task<int> ExplainAsync(Func<Task<int>> run, Action<string>? tell = null)
    {
        try
        {
            return await run();
        }
        catch (OptionsValidationException wrong)
        {
            foreach (var problem in wrong.Failures)
                await Console.Error.WriteLineAsync($"swiper: {problem}");
            tell?.Invoke(string.Join("; ", wrong.Failures));
            return ExitCode.WrongOptions;
        }
        catch (OperationFailedException failed)
        {
            await Console.Error.WriteLineAsync($"swiper: {failed.Message}");
            return failed.ExitCode;
        }
        catch (DamagedBackupException damaged)
        {
            await Console.Error.WriteLineAsync($"swiper: {damaged.Message}");
            return ExitCode.Differs;
        }
        catch (SystemLimitException limit)
        {
            tell?.Invoke(limit.Message);
            return SystemLimits.Refuse(limit.Message);
        }
        catch (OutOfMemoryException)
        {
            return SystemLimits.Refuse("no memory or no thread is left: see the limits of the process (ulimit -u, -v) and its container");
        }
        catch (Exception exception) when (StartFailure.Explain(exception) is { } reason)
        {
            await Console.Error.WriteLineAsync($"swiper: {reason}");
            tell?.Invoke(reason);
            return ExitCode.CannotStart;
        }
    }
}
