using Swiper.Local.Processes;

namespace Swiper.Local.Services;

/// <summary>The services are unavailable; the message is a single line.</summary>
internal sealed class ServicesException(string message) : Exception(message);

/// <summary>
/// Runs `./swiper services` in its own session: Ctrl+C at a terminal must not interrupt it between starting a server and recording its
/// pid.
/// </summary>
internal static class ServicesScript
{
    private const string Prefix = "swiper: ";
    private const string Starting = Prefix + "starting ";

    /// <summary>The folder of the repository, where the script is.</summary>
    /// <exception cref="ServicesException">This program is not in the repository.</exception>
    public static string Root => Repository.Root
        ?? throw new ServicesException("can't find the script that starts the services: this program is not in the repository");

    /// <summary>Runs the script to completion and returns its output.</summary>
    /// <exception cref="ServicesException">It failed; the message is the script's.</exception>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        try
        {
            var run = await ProgramRun.OfAsync("setsid", ["--wait", Path.Combine(Root, "swiper"), "services", .. arguments]);
            return run.ExitCode == 0 ? run.Output : throw new ServicesException(ReasonIn(run.Errors));
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ServicesException($"the services failed to start: {exception.Message}");
        }
    }

    // Omits the lines of servers that started; includes the end of the failed server's log.
    private static string ReasonIn(string errors)
    {
        var reason = string.Join('\n', errors.Trim().Split('\n').Where(line => !line.StartsWith(Starting, StringComparison.Ordinal)));
        return reason.StartsWith(Prefix, StringComparison.Ordinal) ? reason[Prefix.Length..] : reason;
    }
}
