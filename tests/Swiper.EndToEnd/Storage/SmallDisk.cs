using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Storage;

/// <summary>A file system of its own that is really full when it is full.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly ScratchFolder _mountPoint = new("end-to-end");

    private SmallDisk()
    {
    }

    public ScratchFolder Folder => _mountPoint;

    public string Path => _mountPoint;

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Skips the test where this user may mount nothing.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a small disk is made with a tmpfs, which is Linux's");
        var disk = new SmallDisk();
        var (exitCode, _, errors) = await ProgramRun.OfAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path);
        if (exitCode != 0)
        {
            disk._mountPoint.Dispose();
            Assert.Skip($"a small disk needs the right to mount a tmpfs: {errors.Trim()}");
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
        var (exitCode, _, errors) = await ProgramRun.OfAsync("umount", Path);
        Assert.True(exitCode == 0, errors);
        _mountPoint.Dispose();
    }
}
