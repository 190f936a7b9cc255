using System.Diagnostics;

namespace Swiper.Local;

/// <summary>The checkout that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Null where the program was taken elsewhere.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>A file or folder of it.</summary>
    /// <exception cref="DirectoryNotFoundException">The program was taken elsewhere.</exception>
    public static string PathOf(params ReadOnlySpan<string> names) =>
        Path.Combine([Root ?? throw new DirectoryNotFoundException("this program works on the repository, and is not in it"), .. names]);

    /// <summary>The program that was built of a project for release; its folder gives it its name.</summary>
    public static string ProgramOf(params ReadOnlySpan<string> project) =>
        PathOf([.. project, "bin", "Release", "net10.0", $"{project[^1]}.dll"]);

    /// <summary>
    /// The short commit, and whether what can be measured differs from it: documents, which runs write into, can't. Null where git does
    /// not say.
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
            using var git = Process.Start(
                new ProcessStartInfo("git", arguments)
                {
                    WorkingDirectory = Root, RedirectStandardOutput = true,
                    RedirectStandardError = true
                })!;
            git.BeginErrorReadLine();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Trim() : null;
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
