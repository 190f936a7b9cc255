using Swiper.Local.Processes;

namespace Swiper.Local;

/// <summary>
/// An empty folder for one run. Deleted by Dispose, and however this process ends, short of SIGKILL.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const int TriesAtExit = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly IDisposable _exitHook;
    private bool _isDeleted;

    /// <param name="purpose">Prefix of its name.</param>
    /// <param name="parent">Where it is created.</param>
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

    public static implicit operator string(ScratchFolder folder) => folder.Path;

    /// <summary>The path of a file in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>An unused path.</summary>
    /// <param name="purpose">Prefix of the name.</param>
    /// <param name="parent">
    /// By default on the repository's disk: the system's temporary folder may be in memory, where a commit costs nothing.
    /// </param>
    public static string NewPath(string purpose, string? parent = null)
    {
        parent ??= Repository.Root is { } root ? System.IO.Path.Combine(root, ".swiper") : System.IO.Path.GetTempPath();
        return System.IO.Path.Combine(parent, $"{purpose}-{Guid.NewGuid().ToString("n")[..8]}");
    }

    /// <summary>
    /// Opens something that would recreate the folder. Deletion at exit waits for an opening in progress, and no opening starts after it.
    /// </summary>
    /// <param name="open">Receives the path.</param>
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
        // The hook stays until the folder is deleted, because this process may end first.
        Delete();
        _exitHook.Dispose();
    }

    // This process may be ending; a folder created after the exit hooks ran would be left behind.
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

    // Other threads keep running during exit and may add a file between the deletion of the contents and of the folder.
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
