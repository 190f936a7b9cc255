using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.EndToEnd.Running;

/// <summary>What the shards say, read behind the server's back.</summary>
internal sealed class Truth
{
    private const string SwipedRows = "SELECT uid, sid, kind FROM swiped";
    private const string FriendRows = "SELECT uid, fid, since, completer FROM friends";
    private const string PushRows = "SELECT uid, seq, op, subject FROM pushes";

    /// <summary>What is asked of every shard.</summary>
    public static readonly string[] Queries = [SwipedRows, FriendRows, PushRows];

    /// <summary>Swipes by swiper and target.</summary>
    public Dictionary<(long Uid, long Sid), SwipeKind> Swiped { get; } = [];

    public Dictionary<(long Uid, long Fid), (long Since, long Completer)> Friends { get; } = [];

    /// <summary>The pushes that are kept for each user, by seq.</summary>
    public Dictionary<long, SortedList<long, (Opcode Opcode, long Subject)>> Pushes { get; } = [];

    /// <summary>Reads all shards of a data folder. The server may run, but must have nothing under way.</summary>
    public static Truth Read(string data)
    {
        var truth = new Truth();
        var files = Directory.GetFiles(data, "*.db", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
            truth.AddShard(sql => SqliteFile.Query(file, sql));
        return truth;
    }

    /// <summary>Adds what one shard says.</summary>
    /// <param name="query">Answers the rows of one of <see cref="Queries"/>, all of whose columns are numbers.</param>
    public void AddShard(Func<string, IEnumerable<long[]>> query)
    {
        foreach (var row in query(SwipedRows))
            Swiped.Add((row[0], row[1]), (SwipeKind)row[2]);
        foreach (var row in query(FriendRows))
            Friends.Add((row[0], row[1]), (row[2], row[3]));
        foreach (var row in query(PushRows))
        {
            if (!Pushes.TryGetValue(row[0], out var pushes))
                Pushes.Add(row[0], pushes = []);
            pushes.Add(row[1], ((Opcode)row[2], row[3]));
        }
    }
}
