using System.ComponentModel;

namespace Swiper.Core.Protocol;

/// <summary>
/// The code of a reply; docs/PROTOCOL.md shows the descriptions. Numbers are the wire's: codes are added, never changed or reused.
/// </summary>
public enum StatusCode : ushort
{
    [Description("Success.")]
    Ok = 0,

    [Description("A fault of the server; it is logged there.")]
    InternalError = 1000,

    [Description("An argument is missing or wrong; the message says which.")]
    BadParams = 1001,

    [Description("What is stored can't be used for this request.")]
    DataError = 1002,

    [Description("No such opcode.")]
    UnknownOpcode = 1003,

    [Description("A store is down or full, the SMS gateway is down, or the server is stopping; the message says which. "
        + "What was asked may have been done in part; sending it again is safe and completes it.")]
    Unavailable = 1004,

    [Description("Too many requests; data is [retry_after_ms].")]
    Throttled = 1005,

    [Description("The bytes were not a frame; the message says which rule they broke, and the connection is closed.")]
    ProtocolError = 1006,

    [Description("Sign in first.")]
    LoginRequired = 2000,

    [Description("The code is wrong, used or too old.")]
    BadCode = 2001,

    [Description("A code was sent to this phone less than a minute ago, or too many were; data is [message, retry_after_ms].")]
    CodeTooOften = 2002,

    [Description("The token is forged, expired or revoked: log in again.")]
    TokenInvalid = 2003,

    [Description("Too many wrong codes: with a nonce, ask for another code; without one, wait ten minutes.")]
    LockedOut = 2004,

    [Description("This person was swiped before, with another kind.")]
    RepeatSwipe = 3000,

    [Description("One can't swipe oneself.")]
    SelfSwipe = 3001,

    [Description("There is no swipe to take back.")]
    NothingToRewind = 3002,

    [Description("All of today's rewinds are used.")]
    RewindLimit = 3003,

    [Description("The last swipe is too old to take back.")]
    RewindTooLate = 3004,

    [Description("The two are not friends.")]
    NotFriends = 3005,

    [Description("Nobody has this uid.")]
    NoSuchUser = 3006,

    [Description("All of today's likes are used.")]
    LikeQuota = 3007,

    [Description("One of the two has blocked the other.")]
    Blocked = 3008,

    [Description("The VIP level does not allow it; data is [permission].")]
    VipRequired = 4000,
}
