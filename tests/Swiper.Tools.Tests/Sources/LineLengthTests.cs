namespace Swiper.Tools.Tests.Sources;

/// <summary>What dotnet format does not check: code is readable beside a diff, and does not scroll.</summary>
public sealed class LineLengthTests
{
    private const int Columns = 140;

    private static readonly string[] Code = [".cs", ".csproj", ".props", ".targets", ".sh", ".py", ".sql", ".lua"];

    [Fact]
    public void Lines_of_code_end_before_140_columns()
    {
        var root = SharedFiles.RepositoryRoot();
        var files = FilesBelow(new DirectoryInfo(root)).Append(new FileInfo(Path.Combine(root, "swiper"))).ToList();
        Assert.Contains(files, file => file.Name == $"{nameof(LineLengthTests)}.cs");
        Assert.All(Code, extension => Assert.Contains(files, file => file.Extension == extension));

        Assert.Empty(
            from file in files
            from line in File.ReadLines(file.FullName).Index()
            where line.Item.Length >= Columns
            select $"{Path.GetRelativePath(root, file.FullName)}:{line.Index + 1} has {line.Item.Length} columns");
    }

    // Builds write generated code to bin and obj; folders with a leading dot hold other checkouts and settings.
    private static IEnumerable<FileInfo> FilesBelow(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(static file => Code.Contains(file.Extension)).Concat(
            folder.EnumerateDirectories()
                .Where(static below => below.Name is not ("bin" or "obj") && !below.Name.StartsWith('.'))
                .SelectMany(FilesBelow));
}
