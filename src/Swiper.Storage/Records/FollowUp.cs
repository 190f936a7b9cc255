namespace Swiper.Storage.Records;

/// <summary>What is to be done. The numbers are stored: they never change.</summary>
internal enum FollowUpKind : short
{
    /// <summary>What a swipe does to the other user; the payload is the swipe.</summary>
    Swiped = 1,

    /// <summary>The end of a friendship, for the user who did not end it.</summary>
    Unfriended = 2,

    /// <summary>What a swipe that was taken back led to; the payload is the swipe.</summary>
    Rewound = 3,

    /// <summary>The end of a VIP level, when it is due.</summary>
    VipEnded = 10,

    /// <summary>The end of a match that may not be written yet, for a user whom somebody who likes them has blocked.</summary>
    LikeBlocked = 20,
}

/// <summary>
/// What must happen elsewhere after a transaction, as a row of `follow_ups` written in it and deleted once done. Of those of one kind for
/// one user that come from one shard the oldest is done first, unless their order does not matter or they are written at the same
/// instant.
/// </summary>
internal sealed record FollowUp
{
    public long Id { get; init; }

    public FollowUpKind Kind { get; init; }

    /// <summary>The user whom it concerns.</summary>
    public long Uid { get; init; }

    public byte[] Payload { get; init; } = [];

    /// <summary>
    /// When whoever finds it may do it, in milliseconds since the Unix epoch. Until then it belongs to the host that wrote it or moved
    /// this time on, or, if it is scheduled, to nobody.
    /// </summary>
    public long Due { get; init; }

    /// <summary>How often it was begun anew.</summary>
    public int Attempts { get; init; }

    /// <summary>A key of the shard that has the row.</summary>
    public long ShardKey { get; init; }
}
