namespace Swiper.Bench.Running;

/// <summary>The source tree that this build belongs to.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Ignored by git. On the disk of the repository, because /tmp may be memory, where a commit costs nothing.</summary>
    public static string Artifacts { get; } = Path.Combine(Root, "artifacts");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Swiper.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException("The benchmarks are part of the repository, and this program is not in it.");
    }
}
