using System.Diagnostics;
using System.Globalization;

namespace Swiper.Storage.Tests.MySql;

/// <summary>A MariaDB server of the tests' own, on a free port in a temporary folder.</summary>
public sealed class MariaDbServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port;
    private ChildProcess? _process;
    private int _databases;

    public MariaDbServer()
    {
        Run(Find("mariadb-install-db"), "--no-defaults", $"--datadir={Data}", $"--tmpdir={_folder.Path}",
            "--auth-root-authentication-method=normal", "--skip-test-db", $"--user={Environment.UserName}");
        for (var triesLeft = 2; ; triesLeft--)
        {
            _port = FreePorts.Find();
            try
            {
                Start();
                return;
            }
            catch (InvalidOperationException) when (triesLeft > 0)
            {
                // Another server took the port in between.
            }
        }
    }

    private string Data => _folder.File("data");

    /// <summary>A connection string for a new, empty database.</summary>
    public string NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        using var connection = PatientShard.Server(ConnectionString("mysql")).Connect();
        connection.ExecuteText($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Enough connections for the hosts of a cluster; a new server allows 20.</summary>
    public void AllowManyConnections()
    {
        using var connection = PatientShard.Server(ConnectionString("mysql")).Connect();
        connection.ExecuteText("SET GLOBAL max_connections = 200");
    }

    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"server=127.0.0.1;port={_port};user id=root;database={database};SslMode=none");

    /// <summary>Returns when it takes connections.</summary>
    public void Start()
    {
        _process?.Dispose();
        var ready = new TaskCompletionSource();
        _process = new ChildProcess(
            new ProcessStartInfo(Find("mariadbd"),
            [
                "--no-defaults", $"--datadir={Data}", $"--user={Environment.UserName}", "--bind-address=127.0.0.1", $"--port={_port}",
                $"--socket={_folder.File("s")}", $"--tmpdir={Data}", "--skip-log-bin", "--character-set-server=utf8mb4",
                "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=32M", "--max-connections=20", "--extra-max-connections=1",
            ]),
            onError: line =>
            {
                if (line.Contains("ready for connections", StringComparison.Ordinal))
                    ready.TrySetResult();
            });
        Task.WaitAny(ready.Task, _process.Ended);
        if (!ready.Task.IsCompleted)
            throw new InvalidOperationException($"mariadbd ended:\n{string.Join('\n', _process.Lines)}");
    }

    /// <summary>Ends it without a chance to write anything more.</summary>
    public void Kill() => _process!.Dispose();

    /// <summary>It hangs: its connections stay, and nobody answers.</summary>
    public void Pause() => Signals.Suspend(_process!.Id);

    public void Continue() => Signals.Resume(_process!.Id);

    public void Dispose()
    {
        Kill();
        _folder.Dispose();
    }

    private static string Find(string program)
    {
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin";
        return folders.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{program} is missing: these tests need Debian's package mariadb-server.");
    }

    private static void Run(string program, params string[] arguments)
    {
        var run = ProgramRun.OfAsync(program, arguments).GetAwaiter().GetResult();
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed: {run.All}");
    }
}
