using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The last pushes of each user, kept for clients that were away.</summary>
public interface IPushRepository
{
    /// <summary>Pushes kept a user; older ones are dropped.</summary>
    const int Kept = 100;

    /// <summary>The seq of the user's newest push; 0 before the first.</summary>
    ValueTask<long> ReadLastSeqAsync(long uid);

    /// <summary>Those with a greater seq.</summary>
    ValueTask<KeptPushes> ReadAfterAsync(long uid, long seq);
}

/// <param name="LastSeq">The seq of the user's newest push, asked before the pushes were read; 0 before the first.</param>
/// <param name="Pushes">In order. Those up to <paramref name="LastSeq"/> that are not among them are no longer kept.</param>
public readonly record struct KeptPushes(long LastSeq, IReadOnlyList<StoredPush> Pushes);

/// <param name="Seq">Counts up per user, from 1.</param>
/// <param name="Opcode">701 or 702.</param>
/// <param name="Uid">Whom it is about.</param>
/// <param name="At">When it happened.</param>
public readonly record struct StoredPush(long Seq, Opcode Opcode, long Uid, long At);
