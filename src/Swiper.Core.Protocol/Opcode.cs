namespace Swiper.Core.Protocol;

/// <summary>A request or push. The numbers are on the wire: opcodes are added, never changed or reused.</summary>
public enum Opcode : ushort
{
    Hello = 1,
    Ping = 2,
    Echo = 3,

    RequestCode = 101,
    Login = 102,
    Resume = 103,
    Logout = 104,
    Devices = 105,
    SignOut = 106,
    Profile = 111,
    UpdateProfile = 112,

    Deck = 201,
    Swipe = 202,
    Rewind = 203,
    LikedMe = 204,
    UndoLeft = 205,

    Friends = 301,
    Friend = 302,
    Unfriend = 303,
    CommonFriends = 304,
    Block = 311,
    Unblock = 312,
    Blocked = 313,
    Report = 314,

    VipLevels = 401,
    MyVip = 402,

    Top = 601,
    RankOf = 602,
    Around = 603,

    Matched = 701,
    Superliked = 702,
    Draining = 703,
    SignedOut = 704,
    Missed = 705,
    Unmatched = 706,
    Vip = 707,
    Drained = 711,
}
