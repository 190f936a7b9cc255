using Swiper.Local.Processes;

namespace Swiper.Local;

/// <summary>
/// An empty folder for one run. Disposed, it is deleted; so it is however this process ends, short of being killed itself.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const int TriesAtExit = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly IDisposable _exitHook;
    private bool _isDeleted;

    /// <param name="purpose">What its name begins with.</param>
    /// <param name="parent">Where it is made.</param>
    /// <exception cref="OperationCanceledException">This process is ending.</exception>
    public ScratchFolder(string purpose, string? parent = null)
    {
        Path = NewPath(purpose, parent);
        _exitHook = ExitHooks.Register(DeleteAtExit);
        try
        {
            Create();
        }
        catch
        {
            _exitHook.Dispose();
            throw;
        }
    }

    public string Path { get; }

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A path that no run has used.</summary>
    /// <param name="purpose">What the name begins with.</param>
    /// <param name="parent">
    /// Else on the disk of the repository, because the system's folder for such things may be memory, where a commit costs nothing.
    /// </param>
    public static string NewPath(string purpose, string? parent = null)
    {
        parent ??= Repository.Root is { } root ? System.IO.Path.Combine(root, ".swiper") : System.IO.Path.GetTempPath();
        return System.IO.Path.Combine(parent, $"{purpose}-{Guid.NewGuid().ToString("n")[..8]}");
    }

    /// <summary>
    /// Opens what makes the folder itself where there is none: never after this process has deleted it at its end, which waits for an
    /// opening that has begun.
    /// </summary>
    /// <param name="open">Is given the path.</param>
    /// <exception cref="OperationCanceledException">This process is ending.</exception>
    public T Open<T>(Func<string, T> open)
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            return open(Path);
        }
    }

    public void Dispose()
    {
        // Until it is gone, this process may end.
        Delete();
        _exitHook.Dispose();
    }

    // This process may end before the folder is made, and must not leave one that is made after that.
    private void Create()
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            Directory.CreateDirectory(Path);
        }
    }

    private void ThrowIfDeleted()
    {
        if (_isDeleted)
            throw new OperationCanceledException("this process is ending");
    }

    private void Delete()
    {
        lock (_gate)
        {
            _isDeleted = true;
            if (Directory.Exists(Path))
                Directory.Delete(Path, recursive: true);
        }
    }

    // Other threads go on while this process ends, and may put a file into it between the deletion of the last and its own.
    private void DeleteAtExit()
    {
        for (var left = TriesAtExit - 1; ; left--)
        {
            try
            {
                Delete();
                return;
            }
            catch (IOException) when (left > 0)
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
