namespace Swiper.Compare.Processes;

/// <summary>An empty folder for one store, gone when disposed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <param name="name">What its own name begins with.</param>
    /// <param name="parent">Where it is made; null for <see cref="Repository.Scratch"/>.</param>
    public ScratchFolder(string name, string? parent = null)
    {
        Path = System.IO.Path.Combine(parent ?? Repository.Scratch, $"{name}-{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
