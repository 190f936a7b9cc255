using System.Diagnostics;

namespace Swiper.Compare.Processes;

/// <summary>The source tree that this build belongs to.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where measured stores live: on the disk of the repository, because /tmp may be memory, where a commit costs nothing.</summary>
    public static string Scratch { get; } = Path.Combine(Root, "artifacts", "bench");

    public static string DefaultHost { get; } = Path.Combine(Root, "src", "Swiper.Host", "bin", "Release", "net10.0", "Swiper.Host.dll");

    /// <summary>What makes robots.</summary>
    public static string Tools { get; } = Path.Combine(Root, "tools", "Swiper.Tools", "bin", "Release", "net10.0", "Swiper.Tools.dll");

    /// <summary>The short commit, and whether the tree differs from it.</summary>
    public static string Commit()
    {
        var commit = Git("rev-parse", "--short", "HEAD");
        if (commit is null)
            return "unknown";
        return string.IsNullOrEmpty(Git("status", "--porcelain")) ? commit : $"{commit} dirty";
    }

    private static string? Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? output.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Swiper.sln")))
                return folder.FullName;
        }
        return Environment.CurrentDirectory;
    }
}
