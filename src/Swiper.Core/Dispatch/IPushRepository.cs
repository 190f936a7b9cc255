using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The last pushes of each user, kept for clients that were away.</summary>
public interface IPushRepository
{
    /// <summary>Pushes kept a user; older ones are dropped.</summary>
    const int Kept = 100;

    /// <summary>
    /// The number that a user's live pushes go on from, asked before a sign-in; 0 where they come in order by themselves.
    /// </summary>
    ValueTask<long> ReadLastSeqAsync(long uid);

    /// <summary>Those with a greater seq, in order.</summary>
    ValueTask<IReadOnlyList<StoredPush>> ReadAfterAsync(long uid, long seq);
}

/// <param name="Seq">Counts up per user, from 1.</param>
/// <param name="Opcode">701 or 702.</param>
/// <param name="Uid">Whom it is about.</param>
/// <param name="At">When it happened.</param>
public readonly record struct StoredPush(long Seq, Opcode Opcode, long Uid, long At);
