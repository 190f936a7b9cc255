using System.Diagnostics;

namespace Swiper.Local.Services;

/// <summary>
/// Runs `./swiper services`, in a session of its own: Ctrl+C at a terminal must not stop it between the start of a server and the note
/// of whom to stop.
/// </summary>
internal static class ServicesScript
{
    private const string Prefix = "swiper: ";
    private const string Starting = Prefix + "starting ";

    /// <summary>The folder of the repository, where the script is.</summary>
    /// <exception cref="ServicesException">This program is not in it.</exception>
    public static string Root => Repository.Root
        ?? throw new ServicesException("the script that starts the services is in the repository, and this program is not");

    /// <summary>Runs it to its end; answers what it printed.</summary>
    /// <exception cref="ServicesException">It failed; the message is its own.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("setsid", ["--wait", Path.Combine(Root, "swiper"), "services", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output : throw new ServicesException(ReasonIn(await errors));
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ServicesException($"the services did not start: {exception.Message}");
        }
    }

    // What went well up to there is not told; the end of a server's log is.
    private static string ReasonIn(string errors)
    {
        var reason = string.Join('\n', errors.Trim().Split('\n').Where(line => !line.StartsWith(Starting, StringComparison.Ordinal)));
        return reason.StartsWith(Prefix, StringComparison.Ordinal) ? reason[Prefix.Length..] : reason;
    }
}
