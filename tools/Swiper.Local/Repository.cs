using System.Diagnostics;

namespace Swiper.Local;

/// <summary>The checkout that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Null where the program was taken elsewhere.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>
    /// Makes a folder for a run: on the disk of the checkout, because the system's folder for such things may be memory, where a commit costs nothing.
    /// </summary>
    public static DirectoryInfo CreateScratch(string prefix) => Root is null
        ? Directory.CreateTempSubdirectory(prefix)
        : Directory.CreateDirectory(Path.Combine(Root, ".swiper", $"{prefix}{Guid.NewGuid().ToString("n")[..8]}"));

    /// <summary>The short commit, and whether the tree differs from it; null where git does not say.</summary>
    public static string? Commit() => Git("rev-parse", "--short", "HEAD") is { Length: > 0 } commit
        ? string.IsNullOrEmpty(Git("status", "--porcelain")) ? commit : $"{commit} dirty"
        : null;

    private static string? Git(params string[] arguments)
    {
        if (Root is null)
            return null;
        try
        {
            using var git = Process.Start(
                new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
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
