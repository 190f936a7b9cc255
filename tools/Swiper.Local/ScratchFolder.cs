using Swiper.Local.Processes;

namespace Swiper.Local;

/// <summary>An empty folder for one run. Disposed, it is deleted; so it is however this process ends, short of being killed itself.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly IDisposable _exitHook;

    /// <param name="purpose">What its name begins with.</param>
    /// <param name="parent">
    /// Where it is made. Else on the disk of the repository, because the system's folder for such things may be memory, where a commit costs nothing.
    /// </param>
    public ScratchFolder(string purpose, string? parent = null)
    {
        parent ??= Repository.Root is { } root ? System.IO.Path.Combine(root, ".swiper") : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, $"{purpose}-{Guid.NewGuid().ToString("n")[..8]}");
        _exitHook = ExitHooks.Register(Delete);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        _exitHook.Dispose();
        Delete();
    }

    private void Delete()
    {
        lock (_gate)
        {
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
    }
}
