namespace Swiper.Tools.Tests;

/// <summary>An empty folder, gone when disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("swiper-tools-tests-");

    public string Path => _folder.FullName;

    /// <summary>Writes a file into it and answers its path.</summary>
    public string Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
