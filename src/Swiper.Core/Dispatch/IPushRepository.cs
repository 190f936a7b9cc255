using Swiper.Core.Protocol;

namespace Swiper.Core.Dispatch;

/// <summary>The last pushes of each user, kept for clients that were away.</summary>
public interface IPushRepository
{
    /// <summary>Pushes of a user that are read at most: the newest.</summary>
    const int Kept = 200;

    /// <summary>
    /// How long a push is kept, however many came after it: whoever may have written it before it was cut off finds it, and does not
    /// write it again.
    /// </summary>
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    /// <summary>The seq of the user's newest push; 0 before the first.</summary>
    ValueTask<long> ReadLastSeqAsync(long uid);

    /// <summary>Those with a greater seq.</summary>
    ValueTask<KeptPushes> ReadAfterAsync(long uid, long seq);
}

/// <param name="LastSeq">The seq of the user's newest push, asked before the pushes were read; 0 before the first.</param>
/// <param name="Pushes">In order. Those up to <paramref name="LastSeq"/> that are not among them are no longer kept.</param>
public readonly record struct KeptPushes(long LastSeq, IReadOnlyList<StoredPush> Pushes);

/// <summary>A push of any kind as it is kept. Opcode, subject and time say which one it is: the same push is not written twice.</summary>
/// <param name="Seq">Counts up per user, from 1.</param>
/// <param name="Opcode">Its opcode.</param>
/// <param name="Subject">Whom or what it is about: a uid, or some other id.</param>
/// <param name="At">When it happened.</param>
/// <param name="Data">Its encoded payload; null where that is a <see cref="PersonPush"/> of subject and time.</param>
public readonly record struct StoredPush(long Seq, Opcode Opcode, long Subject, long At, byte[]? Data = null) : IPayload<StoredPush>
{
    // The bytes of a payload don't say what kind of push it was.
    static StoredPush IPayload<StoredPush>.Read(scoped ref FieldReader fields) => throw new NotSupportedException();

    /// <summary>Writes the payload.</summary>
    public void Write(ref MessagePackWriter writer)
    {
        if (Data is null)
            new PersonPush(Subject, At).Write(ref writer);
        else
            writer.WriteRaw(Data);
    }
}
