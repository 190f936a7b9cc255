using System.Net;
using System.Text;
using Swiper.Compare.Protocols;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Local.Processes;

namespace Swiper.Compare.Peers;

/// <summary>
/// Redis by itself, under the same load client speaking RESP. Uses database 1, because Swiper's index is in database 0.
/// </summary>
internal sealed class BareRedis(IPEndPoint endpoint, ServerGroup process, long[] people)
{
    private const int SwipesPerCall = 200;
    private const int Callers = 8;
    private const string Board = "board";

    // The minimum work of any index of swipes: record it, score it, check whether the other side likes back.
    private const string Swipes = """
        local likes = 0
        for i = 1, #ARGV, 2 do
            redis.call('SADD', 'u:' .. ARGV[i] .. ':swiped', ARGV[i + 1])
            redis.call('ZINCRBY', 'board', 5, ARGV[i + 1])
            likes = likes + redis.call('SISMEMBER', 'u:' .. ARGV[i + 1] .. ':likes', ARGV[i])
        end
        return likes
        """;

    /// <summary>Swipes per second with one script call per batch, from several callers with one call in flight each.</summary>
    public Reading SwipeScripts(Pace pace)
    {
        using var connections = Open(Callers);
        var hash = Text(Ask(connections.All[0], "SCRIPT", "LOAD", Swipes));
        Ask(connections.All[0], "FLUSHDB");
        var requests = new SwipeScriptRequests(hash, Loads.Connections, people, SwipesPerCall);
        return Loads.Run(connections, process, new LoadPlan(1, requests, new RespReplies(), pace.WarmUp, pace.Window))
            .Times(SwipesPerCall);
    }

    /// <summary>The first 50 of a board of all users, with their scores.</summary>
    public Reading Top50(Pace pace)
    {
        using var connections = Open(Loads.Connections);
        Ask(connections.All[0], "FLUSHDB");
        foreach (var some in people.Index().Chunk(1000))
            Ask(connections.All[0], ["ZADD", Board, .. some.SelectMany(person => new[] { $"{5 * person.Index}", $"{person.Item}" })]);
        string[] top = ["ZREVRANGE", Board, "0", "49", "WITHSCORES"];
        // Scores never change, so all replies have the same size and finding their ends costs next to nothing.
        var replies = new FixedSizeReplies(Ask(connections.All[0], top).Length);
        return Loads.Run(connections, process,
            new LoadPlan(Loads.Pipelined, new RepeatedBytes(RespCommand.Of(top)), replies, pace.WarmUp, pace.Window));
    }

    private LoadConnections Open(int count)
    {
        var connections = LoadConnections.Open(endpoint, count);
        try
        {
            foreach (var connection in connections.All)
                Ask(connection, "SELECT", "1");
            return connections;
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    private static byte[] Ask(LoadConnection connection, params string[] command) =>
        connection.Ask(RespCommand.Of(command), static bytes => RespReplies.TryMeasure(bytes, out _));

    // A bulk string is its length, then its bytes.
    private static string Text(byte[] reply) => Encoding.ASCII.GetString(reply).Split("\r\n")[1];
}
