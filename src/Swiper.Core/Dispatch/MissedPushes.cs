using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>Sends a returning client the pushes it missed, once and in order, while live pushes wait.</summary>
internal sealed class MissedPushes(IPushRepository pushes)
{
    /// <summary>
    /// After <see cref="SessionRegistry.BeginSignIn"/>: sends the pushes after <paramref name="lastPushSeq"/>, none where it is null, and
    /// ends the catching up. Push 705 replaces those no longer kept, and reports a seq that this user never had.
    /// </summary>
    /// <param name="session">The client's.</param>
    /// <param name="uid">Its user.</param>
    /// <param name="lastPushSeq">The last push that the client has.</param>
    /// <param name="isNewUser">Whether the user did not exist before this request: no push is older.</param>
    /// <returns>The seq of the user's newest push; live ones continue after it.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> SendAsync(Session session, long uid, long? lastPushSeq, bool isNewUser = false)
    {
        // Taken before the store is read: a push noted later may have been committed too late for that read.
        var noted = session.Missed;
        var last = lastPushSeq is { } seq ? await SendAfterAsync(session, uid, seq)
            : isNewUser && noted == 0 ? 0
            : await pushes.ReadLastSeqAsync(uid);
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
            // From before a backup was restored, or another user's: what this client has received is unknown.
            session.Output.AppendMissedPush(Opcode.Missed, kept.LastSeq, new MissedPush(1, kept.LastSeq));
            return kept.LastSeq;
        }
        var last = seq;
        foreach (var push in kept.Pushes)
        {
            TellGap(session, last, push.Seq - 1);
            session.Output.AppendMissedPush(push.Opcode, push.Seq, push);
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

/// <summary>Replaces pushes that are no longer kept. Its seq is that of the last of them.</summary>
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
