using Swiper.Core.Accounts;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Core.Tests.Protocol;

/// <summary>
/// The numbers that clients in the field rely on. These lists must only ever grow: add a line for a new opcode or code; never
/// change, reuse or remove one.
/// </summary>
public sealed class FrozenNumbersTests
{
    [Fact]
    public void Opcodes_keep_their_numbers() => Assert.Equal(
        """
        1 Hello
        2 Ping
        3 Echo
        101 RequestCode
        102 Login
        103 Resume
        104 Logout
        105 Devices
        106 SignOut
        111 Profile
        112 UpdateProfile
        201 Deck
        202 Swipe
        203 Rewind
        204 LikedMe
        205 UndoLeft
        301 Friends
        302 Friend
        303 Unfriend
        304 CommonFriends
        311 Block
        312 Unblock
        313 Blocked
        314 Report
        401 VipLevels
        402 MyVip
        601 Top
        602 RankOf
        603 Around
        701 Matched
        702 Superliked
        703 Draining
        704 SignedOut
        705 Missed
        706 Unmatched
        707 Vip
        711 Drained
        """,
        Numbers<Opcode>());

    [Fact]
    public void Status_codes_keep_their_numbers() => Assert.Equal(
        """
        0 Ok
        1000 InternalError
        1001 BadParams
        1002 DataError
        1003 UnknownOpcode
        1004 Unavailable
        1005 Throttled
        1006 ProtocolError
        2000 LoginRequired
        2001 BadCode
        2002 CodeTooOften
        2003 TokenInvalid
        2004 LockedOut
        3000 RepeatSwipe
        3001 SelfSwipe
        3002 NothingToRewind
        3003 RewindLimit
        3004 RewindTooLate
        3005 NotFriends
        3006 NoSuchUser
        3007 LikeQuota
        3008 Blocked
        3009 BlockLimit
        4000 VipRequired
        """,
        Numbers<StatusCode>());

    [Fact]
    public void What_is_in_the_stores_keeps_its_numbers()
    {
        Assert.Equal("0 Female\n1 Male\n2 Unknown", Numbers<Sex>());
        Assert.Equal("1 Like\n2 Superlike\n3 Dislike", Numbers<SwipeKind>());
        Assert.Equal("1 Spam\n2 Fake\n3 Offensive\n4 Underage\n5 Other", Numbers<ReportReason>());
        Assert.Equal("0 Clear\n2 Remove", Numbers<ReportDecision>());
        Assert.Equal("0 Shown\n1 Reported\n2 Removed", Numbers<DeckStanding>());
    }

    [Fact]
    public void The_types_of_frames_keep_their_numbers() =>
        Assert.Equal((0, 1, 2), (Envelope.RequestType, Envelope.ReplyType, Envelope.PushType));

    private static string Numbers<T>()
        where T : struct, Enum =>
        string.Join('\n', Enum.GetValues<T>().Select(value => $"{Convert.ToUInt16(value)} {value}"));
}
