using System.Diagnostics;
using Swiper.Local;

namespace Swiper.Compare.Tests;

/// <summary>Runs the built program as a user does.</summary>
internal static class CompareProgram
{
    public static Process Start(params string[] options) =>
        Process.Start(new ProcessStartInfo("dotnet", [Repository.ProgramOf("bench", "Swiper.Compare"),
            .. options])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] options)
    {
        using var process = Start(options);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output, await errors);
    }
}
