using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// What a swipe does to one user beyond its own row: a friendship or the notice of a superlike, and the push that announces it. Both are
/// written in that user's shard, in one transaction, idempotently (<see cref="ConsequenceRows"/>).
/// </summary>
internal sealed class Consequence : PooledLaneOperation<Consequence, ShardWriter, Match>
{
    private readonly ConsequenceRow _row;
    private readonly ConsequenceRow _other;
    private SwipePath _path = null!;
    private bool _isOfBoth;
    private long _completer;

    public Consequence()
    {
        _row = new ConsequenceRow();
        _other = new ConsequenceRow { First = _row };
    }

    /// <summary>Adds a friend to a user; returns the match as first written by any host.</summary>
    public static ValueTask<Match> BefriendAsync(SwipePath path, long uid, long friend, Match match) =>
        EnqueueAsync(path, Opcode.Matched, uid, friend, match);

    /// <summary>
    /// Makes two users of one shard friends, both as the first one's row says; returns the match as the row of the one who is to have
    /// completed it says.
    /// </summary>
    public static ValueTask<Match> BefriendBothAsync(SwipePath path, long first, long second, Match match) =>
        EnqueueAsync(path, Opcode.Matched, first, second, match, both: true);

    /// <summary>Notifies a user of something that another user did.</summary>
    public static async ValueTask NotifyAsync(SwipePath path, long uid, Opcode opcode, long subject, long at) =>
        await EnqueueAsync(path, opcode, uid, subject, new Match(subject, at)).ConfigureAwait(false);

    protected internal override void Execute(ShardWriter writer)
    {
        writer.Consequences.Add(_row);
        if (_isOfBoth)
            writer.Consequences.Add(_other);
    }

    protected override bool TryPublish(out Match result)
    {
        result = _isOfBoth && _other.Uid == _completer ? _other.Match : _row.Match;
        Deliver(_row);
        if (_isOfBoth)
            Deliver(_other);
        return true;
    }

    // Deliver also a push that was written before, perhaps by this host in a commit whose reply was lost. Delivery drops duplicates.
    private void Deliver(ConsequenceRow row)
    {
        if (!row.IsOver)
            _path.Pushes.Deliver(row.Uid, new StoredPush(row.Seq, row.Opcode, row.Subject, row.Match.Since));
    }

    private static ValueTask<Match> EnqueueAsync(
        SwipePath path, Opcode opcode, long uid, long subject, Match match, bool both = false)
    {
        var operation = RentInstance();
        (operation._path, operation._isOfBoth, operation._completer) = (path, both, match.Completer);
        operation._row.Become(opcode, uid, subject, match);
        operation._other.Become(opcode, subject, uid, match);
        var outcome = operation.AsValueTask();
        path.Shards.Of(uid).Lane.Enqueue(operation, Spans.Current);
        return outcome;
    }
}

/// <summary>What a consequence writes for one user.</summary>
internal sealed class ConsequenceRow
{
    public Opcode Opcode { get; private set; }

    /// <summary>The user who gets a friend or a notice.</summary>
    public long Uid { get; private set; }

    /// <summary>The other user.</summary>
    public long Subject { get; private set; }

    /// <summary>The stored match: the earlier one if there was one.</summary>
    public Match Match { get; set; }

    /// <summary>The seq of the push, written now or before.</summary>
    public long Seq { get; set; }

    /// <summary>The other user's row of the match, which decides: this one is written after it, as it says.</summary>
    public ConsequenceRow? First { get; init; }

    /// <summary>A match that the user need not hear of any more.</summary>
    public bool IsOver => Opcode == Opcode.Matched && Match.HasEnded;

    public void Become(Opcode opcode, long uid, long subject, Match match) =>
        (Opcode, Uid, Subject, Match, Seq) = (opcode, uid, subject, match, 0);
}

/// <summary>A match as a friendship's row keeps it.</summary>
/// <param name="Completer">The user whose swipe completed the match.</param>
/// <param name="Since">When.</param>
/// <param name="HasEnded">The friendship is over for the user whose row it is.</param>
internal readonly record struct Match(long Completer, long Since, bool HasEnded = false)
{
    /// <summary>As the other user's row is to say it: one that has ended for the first is not begun for the second.</summary>
    public Match ForOther => HasEnded ? new Match(Completer: 0, Since: 0, HasEnded: true) : this;

    /// <summary>
    /// Whether this swipe completed it. If not, the other's did, or it is an earlier one that has ended for good, though the user took a
    /// swipe back and made another.
    /// </summary>
    public bool IsOf(long uid, long at) => Completer == uid && Since == at;
}
