namespace Swiper.Storage.Records;

/// <summary>The kind of an event. The numbers are stored in the shards and sent between hosts: they never change.</summary>
internal enum HostEventKind : byte
{
    /// <summary>A push was written for a user; the subject is its seq.</summary>
    Pushed = 1,

    /// <summary>A device has logged out; the subject is the id of its token.</summary>
    Revoked = 2,

    /// <summary>A profile was created or changed.</summary>
    ProfileChanged = 3,

    /// <summary>A user has blocked or unblocked another, who is the subject.</summary>
    BlockChanged = 4,

    /// <summary>A user has got another VIP level, or another end of it.</summary>
    VipChanged = 10,

    /// <summary>The table of VIP levels has changed; it is nobody's.</summary>
    VipLevelsChanged = 11,

    /// <summary>A user has signed out one of their devices, whose id is the subject.</summary>
    DeviceSignedOut = 20,

    /// <summary>A device was one too many; the subject is its id.</summary>
    DeviceReplaced = 21,

    /// <summary>Decks show a user no more, or again.</summary>
    StandingChanged = 30,
}

/// <summary>Something that happened on one host and is announced to the others.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Uid">The user it concerns.</param>
/// <param name="Subject">More of it, as the kind says.</param>
internal readonly record struct HostEvent(HostEventKind Kind, long Uid, long Subject);
