using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Swiper.Storage.Tests.MySql;

/// <summary>A MariaDB server of the tests' own, on a free port in a temporary folder.</summary>
public sealed class MariaDbServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("swiper-mariadb-");
    private readonly int _port;
    private Process? _process;
    private int _databases;

    public MariaDbServer()
    {
        Run(Find("mariadb-install-db"), "--no-defaults", $"--datadir={Data}", $"--tmpdir={_folder.FullName}",
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

    private string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>A connection string for a new, empty database.</summary>
    public string NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        using var connection = PatientShard.Server(ConnectionString("mysql")).Connect();
        connection.ExecuteText($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public string ConnectionString(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"server=127.0.0.1;port={_port};user id=root;database={database};SslMode=none");

    /// <summary>Returns when it takes connections.</summary>
    public void Start()
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(Find("mariadbd"))
        {
            ArgumentList =
            {
                "--no-defaults", $"--datadir={Data}", $"--user={Environment.UserName}", "--bind-address=127.0.0.1", $"--port={_port}",
                $"--socket={Path.Combine(_folder.FullName, "s")}", $"--tmpdir={Data}", "--skip-log-bin", "--character-set-server=utf8mb4",
                "--innodb-buffer-pool-size=64M", "--innodb-log-file-size=32M", "--max-connections=20", "--extra-max-connections=1",
            },
            // Redirected or not, it must not hold on to the pipes of whoever runs the tests.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var log = new StringBuilder();
        var ready = new TaskCompletionSource();
        _process.ErrorDataReceived += (_, said) =>
        {
            log.AppendLine(said.Data);
            if (said.Data is null)
                ready.TrySetException(new InvalidOperationException($"mariadbd ended:\n{log}"));
            else if (said.Data.Contains("ready for connections", StringComparison.Ordinal))
                ready.TrySetResult();
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        ready.Task.GetAwaiter().GetResult();
    }

    /// <summary>Ends it without a chance to write anything more.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>It hangs: its connections stay, and nobody answers.</summary>
    public void Pause() => Suspension.Suspend(_process!.Id);

    public void Continue() => Suspension.Resume(_process!.Id);

    public void Dispose()
    {
        Kill();
        _process!.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Find(string program)
    {
        var folders = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin";
        return folders.Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException($"{program} is missing: these tests need Debian's package mariadb-server.");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} failed:\n{output}\n{errors.Result}");
    }
}
