using System.Globalization;
using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Nodes;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;

namespace Swiper.Storage.Cluster.Events;

/// <summary>The events of a lane's batch, written in one statement in the same transaction as the changes they announce.</summary>
internal sealed class EventRows(NodeLease node, TimeProvider clock)
{
    private readonly MultiRowInsert _insert = new("INSERT INTO events (at, node, kind, uid, subject) VALUES", columns: 5);

    public void Add(in HostEvent happened) =>
        _insert.Add(clock.NowMs(), node.Claim.Node, (long)happened.Kind, happened.Uid, happened.Subject);

    public void Flush(ShardConnection connection)
    {
        if (_insert.Count > 0)
            _insert.Execute(connection);
    }

    public void Clear() => _insert.Clear();

    /// <summary>
    /// The statement that writes events, for those who send it with others; null if there are none. All of it are numbers.
    /// </summary>
    public static string? Statement(IReadOnlyList<HostEvent> events, NodeLease node, TimeProvider clock)
    {
        if (events.Count == 0)
            return null;
        var (at, by) = (clock.NowMs(), node.Claim.Node);
        var rows = events.Select(happened =>
            string.Create(CultureInfo.InvariantCulture, $"({at}, {by}, {(int)happened.Kind}, {happened.Uid}, {happened.Subject})"));
        return "INSERT INTO events (at, node, kind, uid, subject) VALUES " + string.Join(", ", rows);
    }
}
