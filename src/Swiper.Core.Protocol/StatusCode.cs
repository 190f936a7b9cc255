using System.ComponentModel;

namespace Swiper.Core.Protocol;

/// <summary>
/// The code of a reply; docs/PROTOCOL.md shows the descriptions. The numbers are on the wire: codes are added, never changed or reused.
/// </summary>
public enum StatusCode : ushort
{
    [Description("Success.")]
    Ok = 0,

    [Description("Internal server error; the server logs it.")]
    InternalError = 1000,

    [Description("An argument is missing or invalid; the message names it.")]
    BadParams = 1001,

    [Description("Stored data can't be used for this request.")]
    DataError = 1002,

    [Description("Unknown opcode.")]
    UnknownOpcode = 1003,

    [Description("A store is down or full, the SMS gateway is down, or the server is stopping; the message says which. "
        + "The request may have been carried out in part; sending it again is safe and completes it.")]
    Unavailable = 1004,

    [Description("Too many requests."), FailureData("retry_after_ms")]
    Throttled = 1005,

    [Description("Invalid frame; the message says which rule it broke, and the connection closes.")]
    ProtocolError = 1006,

    [Description("Sign in first.")]
    LoginRequired = 2000,

    [Description("The code is wrong, used or expired.")]
    BadCode = 2001,

    [Description("A code was sent to this phone less than a minute ago, or too many codes were.")]
    [FailureData("message", "retry_after_ms")]
    CodeTooOften = 2002,

    [Description("The token is forged, expired or revoked: log in again.")]
    TokenInvalid = 2003,

    [Description("Too many wrong codes: with a nonce, request a new code; without one, wait ten minutes.")]
    LockedOut = 2004,

    [Description("This user was already swiped, with a different kind.")]
    RepeatSwipe = 3000,

    [Description("Users can't swipe themselves.")]
    SelfSwipe = 3001,

    [Description("There is no swipe to undo.")]
    NothingToRewind = 3002,

    [Description("All of today's rewinds are used.")]
    RewindLimit = 3003,

    [Description("The last swipe is too old to undo.")]
    RewindTooLate = 3004,

    [Description("The two users are not friends.")]
    NotFriends = 3005,

    [Description("No user has this uid.")]
    NoSuchUser = 3006,

    [Description("All of today's likes are used.")]
    LikeQuota = 3007,

    [Description("One of the two users has blocked the other.")]
    Blocked = 3008,

    [Description("The user has blocked as many people as one may: unblock somebody first.")]
    BlockLimit = 3009,

    [Description("The user's VIP level does not allow this."), FailureData("permission")]
    VipRequired = 4000,
}

/// <summary>The fields of a failure's data, if it is not just a message; <see cref="Envelope.WriteFailure"/> writes them.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FailureDataAttribute(params string[] fields) : Attribute
{
    public IReadOnlyList<string> Fields => fields;
}
