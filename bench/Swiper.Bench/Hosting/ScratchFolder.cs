using Swiper.Bench.Running;

namespace Swiper.Bench.Hosting;

/// <summary>An empty folder for one store, gone when disposed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(Repository.Artifacts, "bench", $"store-{Guid.NewGuid():n}");

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
