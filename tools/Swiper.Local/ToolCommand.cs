using System.CommandLine;

namespace Swiper.Local;

/// <summary>How every tool answers options that are wrong: standard error says all that is, a line each, and nothing is run.</summary>
internal static class ToolCommand
{
    /// <summary>The exit code of all of them.</summary>
    public const int WrongOptions = 2;

    /// <summary>Runs what the arguments ask for, unless they can't be read.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? configuration = null)
    {
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0 ? Refuse(parsed.Errors.Select(error => error.Message)) : await parsed.InvokeAsync(configuration);
    }

    /// <summary>Tells what is wrong; answers the exit code.</summary>
    public static int Refuse(params IEnumerable<string> problems)
    {
        foreach (var problem in problems)
            Console.Error.WriteLine($"swiper: {problem}");
        return WrongOptions;
    }
}
