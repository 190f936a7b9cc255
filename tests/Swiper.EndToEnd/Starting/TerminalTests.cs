using System.Diagnostics;
using System.Globalization;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;
using Swiper.Local.Processes;

namespace Swiper.EndToEnd.Starting;

/// <summary>
/// Hosts that are started from a terminal, as `./swiper run` is, which is closed later. `script` has the terminal: it is closed when that
/// is killed.
/// </summary>
public sealed class TerminalTests
{
    [Fact]
    public async Task A_host_whose_terminal_is_closed_ends_in_order()
    {
        using var data = new ScratchFolder("end-to-end");
        using var terminal = await TerminalHost.StartAsync(data, "");

        terminal.Close();

        await Eventually.HoldsAsync(() => !terminal.IsThere, "the host has ended");
        // It has closed the folder, for no other process.
        Assert.True(File.Exists(Path.Combine(data, "swiper.sums")));
        Assert.False(File.Exists(Path.Combine(data, "swiper.open")));
    }

    [Fact]
    public async Task A_host_that_was_started_with_nohup_outlives_its_terminal()
    {
        using var data = new ScratchFolder("end-to-end");
        using var terminal = await TerminalHost.StartAsync(data, "nohup ");

        terminal.Close();

        var before = terminal.Id;
        Assert.Equal(0, (await TestHost.RunAsync("restart", "--data", data)).ExitCode);
        Assert.NotEqual(before, terminal.Find());
        Assert.True(terminal.IsThere);
    }

    private sealed class TerminalHost : IDisposable
    {
        private readonly string _data;
        private readonly Process _script;
        private readonly HashSet<int> _ids = [];

        private TerminalHost(string data, string prefix)
        {
            _data = data;
            var command = $"exec {prefix}dotnet {HostPlan.BesideThisProgram} --environment Development --data {data} "
                + $"--set Listen:Port=0 --set Tls:Enabled=false --set Ops:Http=false > {Path.Combine(data, "log")} 2>&1";
            _script = Process.Start(new ProcessStartInfo("script", ["--quiet", "--return", "--command", command, "/dev/null"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true,
            })!;
        }

        public int Id { get; private set; }

        public bool IsThere => Directory.Exists($"/proc/{Id}");

        public static async Task<TerminalHost> StartAsync(string data, string prefix)
        {
            var host = new TerminalHost(data, prefix);
            await Eventually.HoldsAsync(
                () => File.Exists(Path.Combine(data, "log")) && File.ReadAllText(Path.Combine(data, "log")).Contains("listens on"),
                "the host listens");
            host.Find();
            return host;
        }

        /// <summary>The process that has the folder.</summary>
        public int Find()
        {
            try
            {
                Id = int.Parse(File.ReadAllText(Path.Combine(_data, "swiper.pid")), CultureInfo.InvariantCulture);
                _ids.Add(Id);
            }
            catch (Exception exception) when (exception is IOException or FormatException)
            {
                // One has left it, and the next is about to have it.
            }
            return Id;
        }

        public void Close()
        {
            _script.Kill();
            _script.WaitForExit();
        }

        public void Dispose()
        {
            _script.Kill();
            _script.Dispose();
            foreach (var id in _ids.Where(id => Directory.Exists($"/proc/{id}")))
                Signals.Send("KILL", id);
        }
    }
}
