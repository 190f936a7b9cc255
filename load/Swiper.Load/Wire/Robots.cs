using System.Net;
using Swiper.Core.Protocol;

namespace Swiper.Load.Wire;

/// <summary>The users of a measured store, by their tokens.</summary>
internal sealed class Robots(IReadOnlyList<string> tokens)
{
    private int _taken;

    /// <summary>
    /// Opens signed-in connections, each as a robot not used by an earlier call; returns their uids in the same order.
    /// </summary>
    public (LoadConnections Connections, long[] Uids) SignIn(IPEndPoint server, int count)
    {
        if (_taken + count > tokens.Count)
            throw new InvalidOperationException($"all {tokens.Count} robots are in use; add more with --robots");
        var first = _taken;
        _taken += count;
        // Each connection signs in as soon as it is open, because servers soon close silent connections.
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
        throw new InvalidOperationException("the host rejected a robot's token");
    }
}
