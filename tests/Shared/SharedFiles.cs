namespace Swiper.Tests.Shared;

/// <summary>Data that stands beside the repository, not in it: test vectors and demo data.</summary>
internal static class SharedFiles
{
    private const string Variable = "SWIPER_SHARED";

    /// <summary>The folder that <c>SWIPER_SHARED</c> names, else <c>../shared</c> beside the repository.</summary>
    /// <param name="path">A file below it, such as <c>data/msgpack-test-suite.json</c>.</param>
    public static string Find(string path)
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told
            ? told
            : Path.Combine(RepositoryRoot(), "..", "shared");
        var file = Path.GetFullPath(Path.Combine(folder, path));
        return File.Exists(file)
            ? file
            : throw new FileNotFoundException($"no file '{file}': the shared data belongs beside the repository, or where the variable {Variable} says");
    }

    /// <summary>The folder of Swiper.sln.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Swiper.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no Swiper.sln above '{AppContext.BaseDirectory}'; set {Variable} to the folder of the shared data");
    }
}
