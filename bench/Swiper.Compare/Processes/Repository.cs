using System.Diagnostics;

namespace Swiper.Compare.Processes;

/// <summary>The source tree that this build belongs to.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Where measured stores live: on the disk of the repository, because /tmp may be memory, where a commit costs nothing.</summary>
    public static string Scratch { get; } = Path.Combine(Root, "artifacts", "bench");

    public static string DefaultHost { get; } = Output("src", "Swiper.Host");

    /// <summary>What makes robots.</summary>
    public static string Tools { get; } = Output("tools", "Swiper.Tools");

    /// <summary>The program that was built of a project; its folder gives it its name.</summary>
    public static string Output(params ReadOnlySpan<string> project) =>
        Path.Combine([Root, .. project, "bin", "Release", "net10.0", $"{project[^1]}.dll"]);

    /// <summary>The short commit, and whether what can be measured differs from it: documents, which runs write into, can't.</summary>
    public static string Commit()
    {
        var commit = Git("rev-parse", "--short", "HEAD");
        if (commit is null)
            return "unknown";
        return string.IsNullOrEmpty(Git("status", "--porcelain", "--", ".", ":!docs", ":!*.md")) ? commit : $"{commit} dirty";
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
