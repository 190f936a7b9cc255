using System.Diagnostics;
using Swiper.Local.Processes;

namespace Swiper.Tools.Tests;

/// <summary>Runs the built tool as a user does.</summary>
internal static class ToolRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task<ProgramRun> RunAsync(params string[] arguments) => RunAsync(arguments, whenItSays: null, signal: null);

    /// <summary>Runs it and sends it a signal as soon as its output contains the given text.</summary>
    public static Task<ProgramRun> RunAsync(string[] arguments, string? whenItSays, string? signal) =>
        RunAsync(arguments, static _ => { }, whenItSays, signal);

    /// <summary>Runs it in an environment set up by <paramref name="configure"/>.</summary>
    public static Task<ProgramRun> RunAsync(string[] arguments, Action<ProcessStartInfo> configure, string? whenItSays = null,
        string? signal = null)
    {
        var start = new ProcessStartInfo("dotnet", [BuiltFile("Swiper.Tools.dll"), .. arguments]);
        configure(start);
        return ProgramRun.OfAsync(start, Patience, (process, line) =>
        {
            if (whenItSays is not null && line.Contains(whenItSays, StringComparison.Ordinal))
                Signals.Send(signal!, process);
        });
    }

    /// <summary>A program that was built with the tests.</summary>
    public static string BuiltFile(string name) => Path.Combine(AppContext.BaseDirectory, name);
}
