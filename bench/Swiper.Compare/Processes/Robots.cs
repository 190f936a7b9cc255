using System.Diagnostics;
using System.Net;
using Swiper.Compare.Load;
using Swiper.Compare.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Compare.Processes;

/// <summary>Users of a store made for measuring, by their tokens.</summary>
internal sealed class Robots
{
    private readonly string[] _tokens;
    private readonly string? _trouble;
    private int _taken;

    private Robots(string[] tokens, string? trouble = null) => (_tokens, _trouble) = (tokens, trouble);

    public static Robots None { get; } = new([]);

    /// <summary>Runs the <c>robots</c> command of the tools, which prints one token a line. When that fails, whoever needs a robot learns why.</summary>
    /// <param name="count">How many.</param>
    /// <param name="into">The arguments that say into which store.</param>
    /// <param name="configure">The environment of the command.</param>
    public static Robots Make(int count, string[] into, Action<ProcessStartInfo>? configure = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Tools, "robots", "--count", $"{count}", .. into])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        configure?.Invoke(start);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var tokens = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && tokens.Length == count
            ? new Robots(tokens)
            : new Robots([], $"`robots` printed {tokens.Length} of {count} tokens and ended with exit code {process.ExitCode}: {errors.Result.Trim()}");
    }

    /// <summary>Opens connections that are signed in, each as a robot that no earlier call has used; the uids are theirs, in order.</summary>
    public (LoadConnections Connections, long[] Uids) SignIn(IPEndPoint server, int count)
    {
        if (_taken + count > _tokens.Length)
            throw new InvalidOperationException(_trouble ?? $"all {_tokens.Length} robots are in use: make more with --robots");
        var tokens = _tokens.AsSpan(_taken, count);
        _taken += count;
        // One after the other is signed in as soon as it is open: a server gives a connection that says nothing little time.
        var (connections, uids) = (new LoadConnections(), new long[count]);
        try
        {
            for (var i = 0; i < count; i++)
                uids[i] = Resume(connections.Open(server), tokens[i]);
            return (connections, uids);
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    /// <summary>The uids of all robots.</summary>
    public long[] Uids(IPEndPoint server)
    {
        if (_trouble is not null)
            throw new InvalidOperationException(_trouble);
        var uids = new long[_tokens.Length];
        for (var i = 0; i < uids.Length; i++)
        {
            using var connection = LoadConnection.Open(server);
            uids[i] = Resume(connection, _tokens[i]);
        }
        return uids;
    }

    private static long Resume(LoadConnection connection, string token)
    {
        var reply = connection.Ask(RequestFrame.Of(Opcode.Resume, 1, (ref writer) =>
        {
            writer.WriteArrayHeader(1);
            writer.WriteString(token);
        }));
        var reader = new MessagePackReader(reply);
        if (reader.TryReadArrayHeader(out _) && reader.TryReadInt64(out _) && reader.TryReadInt64(out _) && reader.TryReadInt64(out var code)
            && reader.TryReadArrayHeader(out _) && reader.TryReadInt64(out var uid) && code == 0)
            return uid;
        throw new InvalidOperationException("the host did not take a robot's token");
    }
}
