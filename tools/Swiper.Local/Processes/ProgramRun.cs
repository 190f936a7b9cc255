using System.Diagnostics;
using System.Text;

namespace Swiper.Local.Processes;

/// <summary>A program that has run to its end.</summary>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Errors">What it wrote to standard error.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceOnceAsked = TimeSpan.FromMinutes(1);

    /// <summary>Everything about it, for messages.</summary>
    public string All => $"exit code {ExitCode}\n{Output}\n{Errors}";

    public static Task<ProgramRun> OfAsync(string program, params IEnumerable<string> arguments) =>
        OfAsync(new ProcessStartInfo(program, arguments));

    /// <param name="start">What to run.</param>
    /// <param name="patience">
    /// When to end it: terminated, then killed, so that what it has started ends with it. 10 minutes by default.
    /// </param>
    /// <param name="onOutput">Receives the process and each line of standard output at once.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist.</exception>
    /// <exception cref="TimeoutException">It had to be ended; the message is its output.</exception>
    public static async Task<ProgramRun> OfAsync(ProcessStartInfo start, TimeSpan? patience = null, Action<int, string>? onOutput = null)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = onOutput is null ? process.StandardOutput.ReadToEndAsync() : ReadLinesAsync(process, onOutput);
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(patience ?? LongestRun).ConfigureAwait(false);
        }
        catch (TimeoutException timeout)
        {
            Signals.Send("TERM", process.Id);
            await process.WaitForExitAsync().WaitAsync(PatienceOnceAsked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            process.Kill(entireProcessTree: true);
            var written = $"{await output.ConfigureAwait(false)}{await errors.ConfigureAwait(false)}";
            throw new TimeoutException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} has not ended; it wrote: {written}", timeout);
        }
        return new ProgramRun(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
    }

    private static async Task<string> ReadLinesAsync(Process process, Action<int, string> onOutput)
    {
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            output.Append(line).Append('\n');
            onOutput(process.Id, line);
        }
        return output.ToString();
    }
}
