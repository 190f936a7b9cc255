using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Swiper.Storage.Tests.Redis;

/// <summary>A redis-server of the test's own, on loopback, that can be killed, frozen and started again.</summary>
internal sealed class RedisProcess : IDisposable
{
    private readonly string _folder;
    private readonly string[] _settings;
    private ChildProcess? _process;

    public RedisProcess(string folder, params string[] settings)
    {
        Directory.CreateDirectory(folder);
        _folder = folder;
        for (var triesLeft = 2; ; triesLeft--)
        {
            Port = FreePorts.Find(2);
            _settings = settings.Contains("--cluster-enabled")
                ? [.. settings, "--cluster-port", (Port + 1).ToString(CultureInfo.InvariantCulture)] : settings;
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

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public void Start(params string[] more)
    {
        _process = new ChildProcess(new ProcessStartInfo("redis-server",
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--loglevel", "warning", .. _settings, .. more,
        ]));
        // Whoever has the port answers, so it counts only while ours is there.
        Eventually.Holds(
            () => _process.Ended.IsCompleted || Answers("PING", answer => answer.StartsWith("+PONG", StringComparison.Ordinal)),
            $"a Redis on {Address}");
        if (_process.Ended.IsCompleted)
            throw new InvalidOperationException($"redis-server on {Address} ended: {string.Join('\n', _process.Lines)}");
    }

    /// <summary>As kill -9 does.</summary>
    public void Kill()
    {
        _process!.Dispose();
        _process = null;
    }

    public void Freeze() => Signals.Suspend(_process!.Id);

    public void Thaw() => Signals.Resume(_process!.Id);

    /// <summary>Sends a command on a connection of its own; answers the reply as Redis wrote it.</summary>
    public string Command(params string[] words)
    {
        using var client = new TcpClient();
        client.Connect(IPAddress.Loopback, Port);
        using var stream = client.GetStream();
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
            request.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        stream.Write(Encoding.UTF8.GetBytes(request.ToString()));
        // A second command's answer marks the end of the first's.
        stream.Write("ECHO the-end\r\n"u8);
        var answer = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var count = stream.Read(buffer);
            if (count == 0)
                return Encoding.UTF8.GetString(answer.ToArray());
            answer.Write(buffer, 0, count);
            var text = Encoding.UTF8.GetString(answer.ToArray());
            if (text.EndsWith("$7\r\nthe-end\r\n", StringComparison.Ordinal))
                return text[..^"$7\r\nthe-end\r\n".Length];
        }
    }

    public void AwaitAnswer(string command, Predicate<string> wanted) =>
        Eventually.Holds(() => Answers(command, wanted), $"{command} on {Address}");

    public void Dispose() => _process?.Dispose();

    private bool Answers(string command, Predicate<string> wanted)
    {
        try
        {
            return wanted(Command(command.Split(' ')));
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
