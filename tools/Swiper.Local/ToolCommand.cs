using System.CommandLine;
using Swiper.Host;

namespace Swiper.Local;

/// <summary>Common handling of invalid options: every problem is one line on standard error, and nothing is run.</summary>
internal static class ToolCommand
{
    /// <summary>Exit code for an invalid command line.</summary>
    public const int WrongOptions = 2;

    /// <summary>Exit code for invalid host options, wherever they were set; the same as the host's.</summary>
    public const int WrongSettings = ExitCode.WrongOptions;

    /// <summary>Parses the arguments and runs the command, or refuses invalid ones.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? configuration = null)
    {
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0 ? Refuse(parsed.Errors.Select(error => error.Message)) : await parsed.InvokeAsync(configuration);
    }

    /// <summary>Reports problems with the command line and returns the exit code.</summary>
    public static int Refuse(params IEnumerable<string> problems) => Tell(problems, WrongOptions);

    /// <summary>Reports problems with a host's options and returns the exit code.</summary>
    public static int RefuseSettings(IEnumerable<string> problems) => Tell(problems, WrongSettings);

    private static int Tell(IEnumerable<string> problems, int exitCode)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"swiper: {problem}");
        return exitCode;
    }
}
