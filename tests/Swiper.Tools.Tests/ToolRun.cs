using System.Diagnostics;
using System.Text;

namespace Swiper.Tools.Tests;

/// <summary>The result of running the built tool as a user does.</summary>
/// <param name="ExitCode">Exit code of the process.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PatienceOnceAsked = TimeSpan.FromMinutes(1);

    /// <summary>All its output, for assertion messages.</summary>
    public string All => $"exit code {ExitCode}\n{Output}\n{Errors}";

    public static Task<ToolRun> RunAsync(params string[] arguments) => RunAsync(arguments, whenItSays: null, signal: null);

    /// <summary>Runs it and sends it a signal as soon as its output contains the given text.</summary>
    public static Task<ToolRun> RunAsync(string[] arguments, string? whenItSays, string? signal) =>
        RunAsync(arguments, static _ => { }, whenItSays, signal);

    /// <summary>Runs it in an environment set up by <paramref name="configure"/>.</summary>
    public static async Task<ToolRun> RunAsync(string[] arguments, Action<ProcessStartInfo> configure, string? whenItSays = null,
        string? signal = null)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltFile("Swiper.Tools.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        configure(start);
        using var process = Process.Start(start)!;
        var output = ReadAsync(process, whenItSays, signal);
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch
        {
            // Terminated before it is killed, so that databases it has started end with it.
            await SignalAsync(process, "TERM");
            using var last = new CancellationTokenSource(PatienceOnceAsked);
            await process.WaitForExitAsync(last.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new ToolRun(process.ExitCode, await output, await errors);
    }

    private static async Task<string> ReadAsync(Process process, string? whenItSays, string? signal)
    {
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.Append(line).Append('\n');
            if (whenItSays is null || !line.Contains(whenItSays, StringComparison.Ordinal))
                continue;
            await SignalAsync(process, signal!);
        }
        return output.ToString();
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>A program that was built with the tests.</summary>
    public static string BuiltFile(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
