using System.Diagnostics;

namespace Swiper.EndToEnd.Running;

/// <summary>Where the programs are that were built together with these tests.</summary>
internal static class BuiltProgram
{
    public static string Host { get; } = Find("src/Swiper.Host");

    public static string Tools { get; } = Find("tools/Swiper.Tools");

    public static string RepositoryRoot { get; } = SharedFiles.RepositoryRoot();

    /// <summary>Runs something to its end.</summary>
    public static Task<(int ExitCode, string Output, string Error)> RunAsync(string program, params string[] arguments) =>
        RunAsync(new Dictionary<string, string>(), program, arguments);

    /// <summary>Runs something to its end, with variables besides those of its parent.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        IReadOnlyDictionary<string, string> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Budget.Patience);
        }
        catch (TimeoutException timeout)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} has not ended; it wrote: {await output}{await error}",
                timeout);
        }
        return (process.ExitCode, await output, await error);
    }

    private static string Find(string project)
    {
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(
            SharedFiles.RepositoryRoot(), project, "bin", framework.Parent!.Name, framework.Name, $"{Path.GetFileName(project)}.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"no program '{program}': build the tests first");
    }
}
