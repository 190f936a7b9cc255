namespace Swiper.Compare.Processes;

/// <summary>An empty folder for one store, gone when disposed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private const int Attempts = 5;

    /// <param name="name">What its own name begins with.</param>
    /// <param name="parent">Where it is made; null for <see cref="Repository.Scratch"/>.</param>
    public ScratchFolder(string name, string? parent = null)
    {
        Path = System.IO.Path.Combine(parent ?? Repository.Scratch, $"{name}-{Guid.NewGuid():n}");
        Directory.CreateDirectory(Path);
        AppDomain.CurrentDomain.ProcessExit += DeleteWithThisProcess;
    }

    public string Path { get; }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= DeleteWithThisProcess;
        Directory.Delete(Path, recursive: true);
    }

    // An interrupted run must not leave a store behind, least of all one in memory. Its server may still run at this moment and make a file meanwhile.
    private void DeleteWithThisProcess(object? sender, EventArgs e)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
                return;
            }
            catch (IOException) when (Directory.Exists(Path))
            {
                Thread.Sleep(10);
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
        }
    }
}
