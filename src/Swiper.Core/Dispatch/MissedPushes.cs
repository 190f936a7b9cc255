using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Sends whoever comes back what was missed, once and in order, while live pushes wait.</summary>
internal sealed class MissedPushes(IPushRepository pushes)
{
    /// <summary>
    /// After <see cref="SessionRegistry.BeginSignIn"/>: sends the pushes after <paramref name="lastPushSeq"/>, none where it is null, and
    /// ends the catching up. Push 705 stands for those that are no longer kept, and tells that the number is none of this user's.
    /// </summary>
    /// <returns>The seq of the user's newest push so far; live ones go on from there.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> SendAsync(Session session, long uid, long? lastPushSeq)
    {
        // Read before the store is: a push noted after that may have been committed too late for the read.
        var noted = session.Missed;
        var last = lastPushSeq is { } seq ? await SendAfterAsync(session, uid, seq) : await pushes.ReadLastSeqAsync(uid);
        while (true)
        {
            session.RestartPushesAfter(last);
            if (session.TryEndCatchingUp(noted))
                return last;
            noted = session.Missed;
            last = await SendAfterAsync(session, uid, last);
        }
    }

    private async ValueTask<long> SendAfterAsync(Session session, long uid, long seq)
    {
        var kept = await pushes.ReadAfterAsync(uid, seq);
        if (kept.LastSeq < seq)
        {
            // From before a backup was restored, or another user's. What this client has had and what not nobody knows.
            session.Output.AppendMissedPush(Opcode.Missed, kept.LastSeq, new MissedPush(1, kept.LastSeq));
            return kept.LastSeq;
        }
        var last = seq;
        foreach (var push in kept.Pushes)
        {
            TellGap(session, last, push.Seq - 1);
            session.Output.AppendMissedPush(push.Opcode, push.Seq, new PersonPush(push.Uid, push.At));
            last = push.Seq;
        }
        TellGap(session, last, kept.LastSeq);
        return Math.Max(last, kept.LastSeq);
    }

    private static void TellGap(Session session, long last, long before)
    {
        if (last < before)
            session.Output.AppendMissedPush(Opcode.Missed, before, new MissedPush(last + 1, before));
    }
}

/// <summary>The push in place of those that can't be sent any more. Its seq is that of the last of them.</summary>
public readonly record struct MissedPush(
    [Description("the first of the missed pushes")] long FromSeq,
    [Description("the last of the missed pushes")] long ToSeq) : IPayload<MissedPush>
{
    public static MissedPush Read(scoped ref FieldReader fields) => new(fields.Int64("from_seq"), fields.Int64("to_seq"));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(FromSeq);
        writer.WriteInt64(ToSeq);
    }
}
