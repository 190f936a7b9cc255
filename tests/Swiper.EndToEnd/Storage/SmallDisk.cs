using Swiper.EndToEnd.Running;

namespace Swiper.EndToEnd.Storage;

/// <summary>A file system of its own that is really full when it is full.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _mountPoint = new();

    private SmallDisk()
    {
    }

    public string Path => _mountPoint;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Skips the test where this user may mount nothing.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a small disk is made with a tmpfs, which is Linux's");
        var disk = new SmallDisk();
        var (exitCode, _, error) = await BuiltProgram.RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path);
        if (exitCode != 0)
        {
            disk._mountPoint.Dispose();
            Assert.Skip($"a small disk needs the right to mount a tmpfs: {error.Trim()}");
        }
        return disk;
    }

    /// <summary>Takes all space that is left.</summary>
    public void Fill()
    {
        var block = new byte[4096];
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                ballast.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        var (exitCode, _, error) = await BuiltProgram.RunAsync("umount", Path);
        Assert.True(exitCode == 0, error);
        _mountPoint.Dispose();
    }
}
