namespace Swiper.Tests.Shared;

/// <summary>
/// Files that tests read: those of the repository, and more data that may stand beside it, of other people's making and licence.
/// </summary>
internal static class SharedFiles
{
    private const string Variable = "SWIPER_SHARED";

    /// <summary>
    /// More data, in the folder that <c>SWIPER_SHARED</c> names, else in <c>../shared</c> beside the repository. Null where it is not
    /// there: whatever a test proves with it, another proves with data of the repository.
    /// </summary>
    /// <param name="path">A file below it, such as <c>data/msgpack-test-suite.json</c>.</param>
    public static string? Find(string path)
    {
        var folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told
            ? told
            : Path.Combine(RepositoryRoot(), "..", "shared");
        var file = Path.GetFullPath(Path.Combine(folder, path));
        return File.Exists(file) ? file : null;
    }

    /// <summary>The same, for a test that is about nothing else: it is skipped where the data is not there.</summary>
    public static string FindOrSkip(string path)
    {
        var file = Find(path);
        Assert.SkipWhen(file is null, $"{path} is neither in ../shared nor in the folder that {Variable} names");
        return file!;
    }

    /// <summary>A file of the repository.</summary>
    public static string InRepository(params ReadOnlySpan<string> names) => Path.Combine([RepositoryRoot(), .. names]);

    /// <summary>The folder of Swiper.sln.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Swiper.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"no Swiper.sln above '{AppContext.BaseDirectory}'");
    }
}
