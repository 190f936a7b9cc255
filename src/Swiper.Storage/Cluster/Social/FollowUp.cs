using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Cluster.Social;

/// <summary>
/// What a swipe does to one user beyond its own row: a friendship or the notice of a superlike, and the push that announces it. Both are
/// written in that user's shard, in one transaction, idempotently (<see cref="FollowUpRows"/>).
/// </summary>
internal sealed class FollowUp : PooledLaneOperation<FollowUp, ShardWriter, Match>
{
    private SwipePath _path = null!;

    public Opcode Opcode { get; private set; }

    /// <summary>The user who gets a friend or a notice.</summary>
    public long Uid { get; private set; }

    /// <summary>The other user.</summary>
    public long Subject { get; private set; }

    /// <summary>The stored match: the earlier one if there was one.</summary>
    public Match Match { get; set; }

    /// <summary>The seq of the push, written now or before.</summary>
    public long Seq { get; set; }

    /// <summary>Adds a friend to a user; returns the match as first written by any host.</summary>
    public static ValueTask<Match> BefriendAsync(SwipePath path, long uid, long friend, Match match) =>
        EnqueueAsync(path, Opcode.Matched, uid, friend, match);

    /// <summary>Notifies a user of something that another user did.</summary>
    public static async ValueTask NotifyAsync(SwipePath path, long uid, Opcode opcode, long subject, long at) =>
        await EnqueueAsync(path, opcode, uid, subject, new Match(subject, at)).ConfigureAwait(false);

    protected internal override void Execute(ShardWriter writer) => writer.FollowUps.Add(this);

    protected override bool TryPublish(out Match result)
    {
        result = Match;
        // Deliver also a push that was written before, perhaps by this host in a commit whose reply was lost. Delivery drops duplicates.
        _path.Pushes.Deliver(Uid, new StoredPush(Seq, Opcode, Subject, Match.Since));
        return true;
    }

    private static ValueTask<Match> EnqueueAsync(SwipePath path, Opcode opcode, long uid, long subject, Match match)
    {
        var operation = RentInstance();
        operation._path = path;
        (operation.Opcode, operation.Uid, operation.Subject, operation.Match, operation.Seq) = (opcode, uid, subject, match, 0);
        var outcome = operation.AsValueTask();
        path.Shards.Of(uid).Lane.Enqueue(operation);
        return outcome;
    }
}
