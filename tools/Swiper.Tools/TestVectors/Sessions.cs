using System.Text.Json.Nodes;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using static Swiper.Tools.TestVectors.Samples;

namespace Swiper.Tools.TestVectors;

/// <summary>docs/vectors/sessions: what passes between a client and the server, frame by frame.</summary>
internal static class Sessions
{
    private const string Server = "swiper/0.1.0";
    private const long Expires = Now + 30L * 86_400_000;

    /// <summary>The sessions by the names of their files.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<SessionStep>> All { get; } = new Dictionary<string, IReadOnlyList<SessionStep>>
    {
        ["first_match"] = FirstMatch,
        ["resume_with_missed_pushes"] =
        [
            Asks("Ann is back, with the seq of the last push that arrived",
                ServerCodec.Request(1, Opcode.Resume, new ResumeRequest("t0ken", 3))),
            Says("The first push that she missed", ServerCodec.Push(Opcode.Superliked, 4, new PersonPush(Bob, Now))),
            Says("The second", ServerCodec.Push(Opcode.Matched, 5, new PersonPush(Bob, Now + 1000))),
            Says("The reply, behind the missed pushes", ServerCodec.Reply(1, new ResumeReply(Ann, Expires, 5))),
            Says("A live push, behind the reply", ServerCodec.Push(Opcode.Superliked, 6, new PersonPush(Bob + 1, Now + 2000))),
        ],
        ["resume_after_pushes_were_dropped"] =
        [
            Asks("Ann was away for long", ServerCodec.Request(1, Opcode.Resume, new ResumeRequest("t0ken", 3))),
            Says("Pushes 4 to 200 are no longer kept", ServerCodec.Push(Opcode.Missed, 200, new MissedPush(4, 200))),
            Says("The one that is", ServerCodec.Push(Opcode.Matched, 201, new PersonPush(Bob, Now))),
            Says("The reply", ServerCodec.Reply(1, new ResumeReply(Ann, Expires, 201))),
        ],
        ["resume_refused"] =
        [
            Asks("Ann's token has expired", ServerCodec.Request(1, Opcode.Resume, new ResumeRequest("0ld", 3))),
            Says("She has to log in again",
                ServerCodec.Failure(1, new Failure(StatusCode.TokenInvalid, "invalid or expired token; log in again"))),
            Asks("What needs a sign-in", ServerCodec.Request(2, Opcode.Deck, new DeckRequest(DeckRequest.DefaultCount))),
            Says("is refused meanwhile", ServerCodec.Failure(2, new Failure(StatusCode.LoginRequired, "sign in first"))),
        ],
        ["signing_out_a_lost_device"] =
        [
            Asks("Ann asks where she is signed in", ServerCodec.Request(1, Opcode.Devices, default(NoArgs))),
            Says("On two devices, one of which she has lost",
                ServerCodec.Reply(1, new DevicesReply(
                [
                    new(-6_066_930_339, "demo", Now, Now + 1000, Current: true),
                    new(4_611_686_018_427, "", Now - 1000, Now, Current: false),
                ]))),
            Asks("She signs that one out", ServerCodec.Request(2, Opcode.SignOut, new SignOutRequest(4_611_686_018_427))),
            Says("No host accepts its token any more", ServerCodec.Reply(2, default(NoData))),
        ],
        ["signed_out"] =
        [
            Says("Another device has signed this one out",
                ServerCodec.Push(Opcode.SignedOut, 0, new SignedOutPush(SignedOutPush.SignedOut))),
            Asks("What needs a sign-in", ServerCodec.Request(1, Opcode.Deck, new DeckRequest(DeckRequest.DefaultCount))),
            Says("is refused", ServerCodec.Failure(1, new Failure(StatusCode.LoginRequired, "sign in first"))),
        ],
        ["throttled"] =
        [
            Asks("Ann asks for a code", ServerCodec.Request(1, Opcode.RequestCode, new RequestCodeRequest("+4915112345678"))),
            Says("It is sent", ServerCodec.Reply(1, new RequestCodeReply(180, 60, "n0nce"))),
            Asks("She asks for another, at once", ServerCodec.Request(2, Opcode.RequestCode, new RequestCodeRequest("+4915112345678"))),
            Says("Too early: she may ask in 58 seconds",
                ServerCodec.Failure(
                    2, new Failure(StatusCode.CodeTooOften, "a code was sent to this phone less than a minute ago", 58_000))),
            Asks("Too many have tried codes from her address",
                ServerCodec.Request(3, Opcode.Login, new LoginRequest("+4915112345678", "012345", "n0nce"))),
            Says("She may try in 1.5 seconds", ServerCodec.Failure(3, Failure.Throttled(TimeSpan.FromMilliseconds(1500)))),
        ],
        ["refused"] =
        [
            Asks("A superlike, signed in but without the permission",
                ServerCodec.Request(1, Opcode.Swipe, new SwipeRequest(Bob, SwipeKind.Superlike))),
            Says("The permission is named", ServerCodec.Failure(1, new Failure(StatusCode.VipRequired, "superlike"))),
            Asks("An opcode that this server does not know",
                ServerCodec.Frame(WireValue.Encode(new JsonArray(Envelope.RequestType, 2, 999, new JsonArray())))),
            Says("The connection stays open", ServerCodec.Failure(2, new Failure(StatusCode.UnknownOpcode, "unknown opcode"))),
        ],
        ["protocol_error"] =
        [
            Asks("A reply, which only the server sends", ServerCodec.Reply(1, new PingReply(Now))),
            Says("The broken rule", ServerCodec.Failure(0, FrameFault.NotARequest.ToFailure())),
            Closes,
        ],
        ["no_frame"] =
        [
            new("client", "HTTP, by mistake: no length of a frame", Vectors.HexOf("GET / HTTP/1.1\r\n\r\n"u8.ToArray()), null),
            Says("The broken rule", ServerCodec.Failure(0, FrameFaults.BadLength(0x47455420, 65_536))),
            Closes,
        ],
        ["draining"] =
        [
            Asks("A request that the server has read", ServerCodec.Request(1, Opcode.Ping, default(NoArgs))),
            Says("before it is told to stop", ServerCodec.Push(Opcode.Draining, 0, new DrainingPush(2000))),
            Says("is answered", ServerCodec.Reply(1, new PingReply(Now))),
            Says("and it is the last one", ServerCodec.Push(Opcode.Drained, 0, default(NoArgs))),
            Closes,
        ],
    };

    /// <summary>The worked example of docs/PROTOCOL.md.</summary>
    public static IReadOnlyList<SessionStep> FirstMatch =>
    [
        Asks("Ann says hello", ServerCodec.Request(1, Opcode.Hello, new HelloRequest(1, "demo"))),
        Says("The server replies", ServerCodec.Reply(1, new HelloReply(1, Server, 0, Now, 65_536, 256))),
        Asks("Ann asks for a code", ServerCodec.Request(2, Opcode.RequestCode, new RequestCodeRequest("+4915112345678"))),
        Says("The server has sent it (real nonces are longer)", ServerCodec.Reply(2, new RequestCodeReply(180, 60, "n0nce"))),
        Asks("Ann logs in", ServerCodec.Request(3, Opcode.Login, new LoginRequest("+4915112345678", "012345", "n0nce"))),
        Says("The reply, with her uid and token, and no push so far (real tokens are longer)",
            ServerCodec.Reply(3, new LoginReply(Ann, "t0ken", Expires, true, 0))),
        Asks("Ann likes Bob", ServerCodec.Request(4, Opcode.Swipe, new SwipeRequest(Bob, SwipeKind.Like))),
        Says("Push 701 to Ann, her first", ServerCodec.Push(Opcode.Matched, 1, new PersonPush(Bob, Now))),
        Says("The reply to her swipe, a match", ServerCodec.Reply(4, new SwipeReply(true, false))),
        Asks("A swipe without a kind", ServerCodec.Frame(WireValue.Encode(
            new JsonArray(Envelope.RequestType, 5, (int)Opcode.Swipe, new JsonArray(Bob))))),
        Says("It fails", ServerCodec.Failure(5, new Failure(StatusCode.BadParams, "kind: missing"))),
    ];

    private static SessionStep Closes => new("server", "The connection closes.", null, null);

    private static SessionStep Asks(string meaning, byte[] frame) =>
        new("client", meaning, Vectors.HexOf(frame), Vectors.ValueOf(frame));

    private static SessionStep Says(string meaning, byte[] frame) =>
        new("server", meaning, Vectors.HexOf(frame), Vectors.ValueOf(frame));
}
