namespace Swiper.Core.Protocol;

/// <summary>The code of a reply. Numbers are the wire's: codes are added, never changed or reused.</summary>
public enum StatusCode : ushort
{
    Ok = 0,

    /// <summary>A fault of the server; it is logged there.</summary>
    InternalError = 1000,

    /// <summary>An argument is missing or wrong; the message says which.</summary>
    BadParams = 1001,

    /// <summary>What is stored can't be used for this request.</summary>
    DataError = 1002,

    /// <summary>No such opcode.</summary>
    UnknownOpcode = 1003,

    /// <summary>A store is down or full: nothing was changed, try again.</summary>
    Unavailable = 1004,

    /// <summary>Too many requests; data is [retry_after_ms].</summary>
    Throttled = 1005,

    /// <summary>The bytes were no frame; the connection is closed.</summary>
    ProtocolError = 1006,

    /// <summary>Sign in first.</summary>
    LoginRequired = 2000,

    /// <summary>The code is wrong, used or too old.</summary>
    BadCode = 2001,

    /// <summary>A code was sent less than a minute ago.</summary>
    CodeTooOften = 2002,

    /// <summary>The token is forged, expired or revoked: log in again.</summary>
    TokenInvalid = 2003,

    /// <summary>Too many wrong codes: wait ten minutes.</summary>
    LockedOut = 2004,

    /// <summary>This person was swiped before, with another kind.</summary>
    RepeatSwipe = 3000,

    /// <summary>One can't swipe oneself.</summary>
    SelfSwipe = 3001,

    /// <summary>There is no swipe to take back.</summary>
    NothingToRewind = 3002,

    /// <summary>All of today's rewinds are used.</summary>
    RewindLimit = 3003,

    /// <summary>The last swipe is too old to take back.</summary>
    RewindTooLate = 3004,

    /// <summary>The two are not friends.</summary>
    NotFriends = 3005,

    /// <summary>Nobody has this uid.</summary>
    NoSuchUser = 3006,

    /// <summary>All of today's likes are used.</summary>
    LikeQuota = 3007,

    /// <summary>One of the two has blocked the other.</summary>
    Blocked = 3008,

    /// <summary>The VIP level does not allow it; data is [permission].</summary>
    VipRequired = 4000,
}
