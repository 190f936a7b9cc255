using Google.Protobuf;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Ranking;
using Swiper.Core.Social;
using Proto = Swiper.Bench.Codec.Frames.Protobuf;

namespace Swiper.Bench.Codec.Frames;

/// <summary>The messages of a busy evening, each with the same fields in every format.</summary>
internal static class HotFrames
{
    private const uint Id = 4711;
    private const long Uid = 7_654_321_098_765_432;
    private const long Now = 1_786_000_000_000;
    private const int DeckSize = 30;
    private const int BoardSize = 50;

    private static readonly byte[] EchoBytes = [.. Enumerable.Range(0, 32).Select(static i => (byte)(i * 7))];

    public static IReadOnlyList<FrameCase> All { get; } =
    [
        FrameCase.Of("ping request", Request(Opcode.Ping, default(NoArgs)),
            Plain(Opcode.Ping, new PlainNothing()), PlainJson.Default.PlainRequestPlainNothing,
            new Proto.Request { Id = Id, Ping = new Proto.Nothing() }),
        FrameCase.Of("ping reply", Reply(Opcode.Ping, new PingReply(Now)),
            Plain(new PlainPong(Now)), PlainJson.Default.PlainReplyPlainPong,
            new Proto.Reply { Id = Id, Ping = new Proto.Pong { Now = Now } }),

        FrameCase.Of("echo request", new SwiperEchoFrame(Envelope.RequestType, EchoArray()),
            Plain(Opcode.Echo, new PlainEcho(EchoBytes)), PlainJson.Default.PlainRequestPlainEcho,
            new Proto.Request { Id = Id, Echo = new Proto.Echo { Value = ByteString.CopyFrom(EchoBytes) } }),
        FrameCase.Of("echo reply", new SwiperEchoFrame(Envelope.ReplyType, EchoArray()),
            Plain(new PlainEcho(EchoBytes)), PlainJson.Default.PlainReplyPlainEcho,
            new Proto.Reply { Id = Id, Echo = new Proto.Echo { Value = ByteString.CopyFrom(EchoBytes) } }),

        FrameCase.Of("deck request", Request(Opcode.Deck, new DeckRequest(DeckSize)),
            Plain(Opcode.Deck, new PlainDeckArgs(DeckSize)), PlainJson.Default.PlainRequestPlainDeckArgs,
            new Proto.Request { Id = Id, Deck = new Proto.DeckArgs { Count = DeckSize } }),
        FrameCase.Of("deck reply", Reply(Opcode.Deck, new DeckReply([.. Numbers(DeckSize).Select(DeckPerson)], default)),
            Plain(Numbers(DeckSize).Select(PlainDeckPerson).ToArray()), PlainJson.Default.PlainReplyPlainDeckPersonArray,
            new Proto.Reply { Id = Id, Deck = new Proto.Deck { People = { Numbers(DeckSize).Select(ProtoDeckPerson) } } }),

        FrameCase.Of("swipe request", Request(Opcode.Swipe, new SwipeRequest(Uid, SwipeKind.Like)),
            Plain(Opcode.Swipe, new PlainSwipeArgs(Uid, (int)SwipeKind.Like)), PlainJson.Default.PlainRequestPlainSwipeArgs,
            new Proto.Request { Id = Id, Swipe = new Proto.SwipeArgs { Sid = Uid, Kind = (int)SwipeKind.Like } }),
        FrameCase.Of("swipe reply", Reply(Opcode.Swipe, new SwipeReply(Matched: true, Repeated: false)),
            Plain(new PlainSwipeOutcome(true, false)), PlainJson.Default.PlainReplyPlainSwipeOutcome,
            new Proto.Reply { Id = Id, Swipe = new Proto.SwipeOutcome { Matched = true } }),

        FrameCase.Of("top request", Request(Opcode.Top, new TopRequest(BoardName.Week, BoardSize)),
            Plain(Opcode.Top, new PlainTopArgs("week", BoardSize)), PlainJson.Default.PlainRequestPlainTopArgs,
            new Proto.Request { Id = Id, Top = new Proto.TopArgs { Board = "week", N = BoardSize } }),
        FrameCase.Of("top reply", Reply(Opcode.Top, new BoardReply([.. Numbers(BoardSize).Select(BoardPerson)])),
            Plain(Numbers(BoardSize).Select(PlainBoardPerson).ToArray()), PlainJson.Default.PlainReplyPlainBoardPersonArray,
            new Proto.Reply { Id = Id, Top = new Proto.Board { People = { Numbers(BoardSize).Select(ProtoBoardPerson) } } }),

        FrameCase.Of("profile request", Request(Opcode.Profile, new ProfileRequest(Uid)),
            Plain(Opcode.Profile, new PlainProfileArgs(Uid)), PlainJson.Default.PlainRequestPlainProfileArgs,
            new Proto.Request { Id = Id, Profile = new Proto.ProfileArgs { Uid = Uid } }),
        FrameCase.Of("profile reply", Reply(Opcode.Profile, new ProfileReply(ProfileView.OfOneself(SomeProfile.Ada(Uid)))),
            Plain(SomeProfile.PlainAda(Uid)), PlainJson.Default.PlainReplyPlainOwnProfile,
            new Proto.Reply { Id = Id, Profile = SomeProfile.ProtoAda(Uid) }),

        FrameCase.Of("rank_of request", Request(Opcode.RankOf, new RankOfRequest(BoardName.Day, Uid)),
            Plain(Opcode.RankOf, new PlainRankOfArgs("day", Uid)), PlainJson.Default.PlainRequestPlainRankOfArgs,
            new Proto.Request { Id = Id, RankOf = new Proto.RankOfArgs { Board = "day", Uid = Uid } }),
        FrameCase.Of("rank_of reply", Reply(Opcode.RankOf, new RankOfReply(12_345, 678)),
            Plain(new PlainStanding(12_345, 678)), PlainJson.Default.PlainReplyPlainStanding,
            new Proto.Reply { Id = Id, RankOf = new Proto.Standing { Rank = 12_345, Score = 678 } }),

        FrameCase.Of("matched push", new SwiperFrame<PersonPush>(Envelope.PushType, Opcode.Matched, new PersonPush(Uid, Now)),
            new PlainPush((ushort)Opcode.Matched, 42, Uid, Now), PlainJson.Default.PlainPush,
            new Proto.Push { Op = (uint)Opcode.Matched, Seq = 42, Uid = Uid, At = Now }),
    ];

    private static SwiperFrame<T> Request<T>(Opcode opcode, T args)
        where T : IPayload<T> => new(Envelope.RequestType, opcode, args);

    private static SwiperFrame<T> Reply<T>(Opcode opcode, T data)
        where T : IPayload<T> => new(Envelope.ReplyType, opcode, data);

    private static PlainRequest<T> Plain<T>(Opcode opcode, T args) => new(Id, (ushort)opcode, args);

    private static PlainReply<T> Plain<T>(T data) => new(Id, 0, data);

    private static byte[] EchoArray()
    {
        var writer = new MessagePackWriter(stackalloc byte[64]);
        writer.WriteArrayHeader(1);
        writer.WriteBinary(EchoBytes);
        return writer.Written.ToArray();
    }

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(1, count);

    private static string Avatar(int number) => $"https://pictures.example/{number}.jpg";

    private static DeckPerson DeckPerson(int number) => new(
        Uid + number, $"Ada {number}", Sex.Female, 18 + number, "Robotown", number, [Avatar(number)], SuperlikedMe: number == 1);

    private static PlainDeckPerson PlainDeckPerson(int number) => new(
        Uid + number, $"Ada {number}", "F", 18 + number, "Robotown", number, [Avatar(number)], SuperlikedMe: number == 1);

    private static Proto.DeckPerson ProtoDeckPerson(int number) => new()
    {
        Uid = Uid + number,
        Nickname = $"Ada {number}",
        Sex = "F",
        Age = 18 + number,
        Location = "Robotown",
        Km = number,
        Avatars = { Avatar(number) },
        SuperlikedMe = number == 1,
    };

    private static BoardPerson BoardPerson(int number) => new(number, Uid + number, 1000 - number, $"Ada {number}", Avatar(number));

    private static PlainBoardPerson PlainBoardPerson(int number) =>
        new(number, Uid + number, 1000 - number, $"Ada {number}", Avatar(number));

    private static Proto.BoardPerson ProtoBoardPerson(int number) => new()
    {
        Rank = number,
        Uid = Uid + number,
        Score = 1000 - number,
        Nickname = $"Ada {number}",
        Avatar = Avatar(number),
    };
}
