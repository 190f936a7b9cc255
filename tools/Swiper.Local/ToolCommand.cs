using System.CommandLine;
using Swiper.Host;

namespace Swiper.Local;

/// <summary>How every tool answers what is wrong: standard error says all that is, a line each, and nothing is run.</summary>
internal static class ToolCommand
{
    /// <summary>The exit code of a command line that can't be read.</summary>
    public const int WrongOptions = 2;

    /// <summary>The exit code of a host's options that are wrong, wherever they were set: that of the host itself.</summary>
    public const int WrongSettings = ExitCode.WrongOptions;

    /// <summary>Runs what the arguments ask for, unless they can't be read.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? configuration = null)
    {
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0 ? Refuse(parsed.Errors.Select(error => error.Message)) : await parsed.InvokeAsync(configuration);
    }

    /// <summary>Tells what is wrong with the command line; answers the exit code.</summary>
    public static int Refuse(params IEnumerable<string> problems) => Tell(problems, WrongOptions);

    /// <summary>Tells what is wrong with a host's options; answers the exit code.</summary>
    public static int RefuseSettings(IEnumerable<string> problems) => Tell(problems, WrongSettings);

    private static int Tell(IEnumerable<string> problems, int exitCode)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"swiper: {problem}");
        return exitCode;
    }
}
