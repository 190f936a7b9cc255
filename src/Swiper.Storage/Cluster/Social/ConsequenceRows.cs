using Swiper.Core.Protocol;
using Swiper.Storage.Cluster.Events;
using Swiper.Storage.MySql;
using Swiper.Storage.Records;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// The friendships and pushes of a lane's batch:
/// 1. missing friendships are inserted;
/// 2. the stored friendships are read back, because of two concurrent writers of one the first wins; steps 1 and 2 again for friendships
///    that are to say what another user's row of the same shard says;
/// 3. the users' push counters are locked, in uid order, so that other hosts wait;
/// 4. pushes that exist already are left out;
/// 5. the others take the next seqs.
/// </summary>
internal sealed class ConsequenceRows
{
    private readonly List<ConsequenceRow> _consequences = [];
    private readonly Dictionary<(long Uid, long Fid), Match> _matches = [];
    private readonly Dictionary<(long Uid, long Opcode, long Subject, long At), long> _written = [];
    private readonly SortedDictionary<long, long> _seqs = [];
    private readonly MultiRowInsert _insertFriends =
        new("INSERT INTO friends (uid, fid, since, completer) VALUES", columns: 4, " ON DUPLICATE KEY UPDATE uid = uid", keyColumns: 2);
    private readonly MultiRowInsert _lockSeqs =
        new("INSERT INTO push_seqs (uid, seq) VALUES", columns: 2, " ON DUPLICATE KEY UPDATE uid = uid");
    private readonly MultiRowInsert _putSeqs =
        new("INSERT INTO push_seqs (uid, seq) VALUES", columns: 2, " ON DUPLICATE KEY UPDATE seq = VALUES(seq)");
    private readonly MultiRowInsert _insertPushes = new("INSERT INTO pushes (uid, seq, op, subject, at) VALUES", columns: 5);
    private readonly KeyedSelect _findFriends =
        new("SELECT uid, fid, completer, since, ended FROM friends WHERE (uid, fid) IN", columns: 2);
    private readonly KeyedSelect _findPushes =
        new("SELECT uid, op, subject, at, seq FROM pushes WHERE (uid, op, subject, at) IN", columns: 4);
    private readonly KeyedSelect _findSeqs = new("SELECT uid, seq FROM push_seqs WHERE uid IN", columns: 1);

    public void Add(ConsequenceRow consequence) => _consequences.Add(consequence);

    public void Flush(ShardConnection connection, EventRows events)
    {
        if (_consequences.Count == 0)
            return;
        Befriend(connection, second: false);
        Befriend(connection, second: true);
        FindWritten(connection);
        WritePushes(connection, events);
        Clear();
    }

    public void Clear()
    {
        _consequences.Clear();
        _matches.Clear();
        _written.Clear();
        _seqs.Clear();
        _insertFriends.Clear();
        _lockSeqs.Clear();
        _putSeqs.Clear();
        _insertPushes.Clear();
        _findFriends.Clear();
        _findPushes.Clear();
        _findSeqs.Clear();
    }

    private void Befriend(ShardConnection connection, bool second)
    {
        // :: Step 1
        foreach (var consequence in _consequences)
        {
            if (consequence.Opcode != Opcode.Matched || consequence.First is not null != second)
                continue;
            if (consequence.First is { } first)
                consequence.Match = first.Match.ForOther;
            if (!_matches.TryAdd((consequence.Uid, consequence.Subject), consequence.Match))
                continue;
            if (!consequence.Match.HasEnded)
                _insertFriends.Add(consequence.Uid, consequence.Subject, consequence.Match.Since, consequence.Match.Completer);
            _findFriends.Add(consequence.Uid, consequence.Subject);
        }
        if (_findFriends.Count == 0)
            return;
        _insertFriends.Execute(connection);
        // :: Step 2
        _findFriends.Execute(connection, row =>
            _matches[(row.GetInt64(0), row.GetInt64(1))] = new Match(row.GetInt64(2), row.GetInt64(3), HasEnded: row.GetInt64(4) != 0));
        foreach (var consequence in _consequences)
        {
            if (_matches.TryGetValue((consequence.Uid, consequence.Subject), out var match) && consequence.Opcode == Opcode.Matched)
                consequence.Match = match;
        }
    }

    private void FindWritten(ShardConnection connection)
    {
        // :: Step 3
        foreach (var consequence in _consequences)
        {
            if (consequence.IsOver)
                continue;
            if (_seqs.TryAdd(consequence.Uid, 0))
                _findSeqs.Add(consequence.Uid);
            _findPushes.Add(consequence.Uid, (long)consequence.Opcode, consequence.Subject, consequence.Match.Since);
        }
        foreach (var uid in _seqs.Keys)
            _lockSeqs.Add(uid, 0);
        _lockSeqs.Execute(connection);
        _findSeqs.Execute(connection, row => _seqs[row.GetInt64(0)] = row.GetInt64(1));
        // :: Step 4
        _findPushes.Execute(connection, row =>
            _written[(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))] = row.GetInt64(4));
    }

    private void WritePushes(ShardConnection connection, EventRows events)
    {
        // :: Step 5
        foreach (var consequence in _consequences)
        {
            if (consequence.IsOver)
                continue;
            var push = (consequence.Uid, (long)consequence.Opcode, consequence.Subject, consequence.Match.Since);
            if (_written.TryGetValue(push, out var written))
            {
                consequence.Seq = written;
                continue;
            }
            var seq = ++_seqs[consequence.Uid];
            consequence.Seq = _written[push] = seq;
            _insertPushes.Add(consequence.Uid, seq, (long)consequence.Opcode, consequence.Subject, consequence.Match.Since);
            events.Add(new HostEvent(HostEventKind.Pushed, consequence.Uid, seq));
        }
        if (_insertPushes.Count == 0)
            return;
        _insertPushes.Execute(connection);
        foreach (var (uid, seq) in _seqs)
            _putSeqs.Add(uid, seq);
        _putSeqs.Execute(connection);
    }
}
