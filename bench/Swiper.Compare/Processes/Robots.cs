using System.Net;
using Swiper.Compare.Load;
using Swiper.Compare.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Compare.Processes;

/// <summary>Users of a store made for measuring, by their tokens.</summary>
internal sealed class Robots(IReadOnlyList<string> tokens)
{
    private int _taken;

    /// <summary>
    /// Opens connections that are signed in, each as a robot that no earlier call has used; the uids are theirs, in order.
    /// </summary>
    public (LoadConnections Connections, long[] Uids) SignIn(IPEndPoint server, int count)
    {
        if (_taken + count > tokens.Count)
            throw new InvalidOperationException($"all {tokens.Count} robots are in use: make more with --robots");
        var first = _taken;
        _taken += count;
        // One after the other is signed in as soon as it is open: a server gives a connection that says nothing little time.
        var (connections, uids) = (new LoadConnections(), new long[count]);
        try
        {
            for (var i = 0; i < count; i++)
                uids[i] = Resume(connections.Open(server), tokens[first + i]);
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
        var uids = new long[tokens.Count];
        for (var i = 0; i < uids.Length; i++)
        {
            using var connection = LoadConnection.Open(server);
            uids[i] = Resume(connection, tokens[i]);
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
        if (reader.TryReadArrayHeader(out _) && reader.TryReadInt64(out _) && reader.TryReadInt64(out _)
            && reader.TryReadInt64(out var code)
            && reader.TryReadArrayHeader(out _) && reader.TryReadInt64(out var uid) && code == 0)
            return uid;
        throw new InvalidOperationException("the host did not take a robot's token");
    }
}
