using System.Diagnostics;
using Swiper.Local.Processes;

namespace Swiper.Local;

/// <summary>The checkout this program was built in.</summary>
internal static class Repository
{
    /// <summary>Null if the program was moved out of it.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>The path of a file or folder in it.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was moved out of it.</exception>
    public static string PathOf(params ReadOnlySpan<string> names) =>
        Path.Combine([Root ?? throw new DirectoryNotFoundException("this program must run inside the repository"), .. names]);

    /// <summary>The release build of a project, which is named after its folder.</summary>
    public static string ProgramOf(params ReadOnlySpan<string> project) =>
        PathOf([.. project, "bin", "Release", "net10.0", $"{project[^1]}.dll"]);

    /// <summary>
    /// The short commit, marked dirty if anything but documents, which runs write to, differs from it. Null if git does not know.
    /// </summary>
    public static string? Commit() => Git("rev-parse", "--short", "HEAD") is { Length: > 0 } commit
        ? string.IsNullOrEmpty(Git("status", "--porcelain", "--", ".", ":!docs", ":!*.md")) ? commit : $"{commit} dirty"
        : null;

    private static string? Git(params string[] arguments)
    {
        if (Root is null)
            return null;
        try
        {
            var run = ProgramRun.OfAsync(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root }).GetAwaiter().GetResult();
            return run.ExitCode == 0 ? run.Output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string? FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Swiper.sln")))
                return folder.FullName;
        }
        return null;
    }
}
