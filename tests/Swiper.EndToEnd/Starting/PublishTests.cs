using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Starting;

/// <summary>`./swiper publish`.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task A_published_host_brings_all_that_it_needs_and_tells_systemd_when_it_is_ready()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a published host is for Linux");
        using var folder = new ScratchFolder("publish");
        using var data = new ScratchFolder("end-to-end");
        using var systemd = new ServiceManager();
        var output = folder.File("host");
        var run = await ProgramRun.OfAsync(Repository.PathOf("swiper"), "publish", "--output", output);
        Assert.True(run.ExitCode == 0, run.All);
        var program = run.Output.Trim();
        Assert.Equal(Path.Combine(output, "Swiper.Host"), program);
        AssertOnlyWhatServes(output);

        using var host = await ChildHost.StartAsync(TestHost.Plan(data) with
        {
            Program = program,
            // No .NET but its own.
            Environment = new Dictionary<string, string>([systemd.Variable, new("DOTNET_ROOT", "/nowhere"), new("PATH", "/usr/bin:/bin")]),
        });
        Assert.Equal("READY=1", await systemd.NextAsync());
        await using var client = await host.ConnectAsync();
        await client.PingAsync();
        await host.SignInAsync(client, Outbox.NewPhone());
        host.Terminate();
        Assert.Equal("STOPPING=1", await systemd.NextAsync());
        Assert.Equal(0, await host.Ended.WaitAsync(Patience.Limit));
    }

    private static void AssertOnlyWhatServes(string folder)
    {
        const int MachineOffset = 18;
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0xb7 : 0x3e;
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.DoesNotContain(files, static file => file.EndsWith(".xml", StringComparison.Ordinal));
        // Libraries for other systems would lie in folders of their own.
        Assert.Empty(Directory.GetDirectories(folder));
        var natives = files.Where(static file => file.EndsWith(".so", StringComparison.Ordinal)).ToList();
        Assert.Contains(natives, static file => Path.GetFileName(file) == "libe_sqlite3.so");
        foreach (var native in natives)
            Assert.Equal(machine, BinaryPrimitives.ReadUInt16LittleEndian(File.ReadAllBytes(native).AsSpan(MachineOffset)));
    }
}
