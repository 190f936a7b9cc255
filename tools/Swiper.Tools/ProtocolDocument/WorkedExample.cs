using System.Buffers;
using Swiper.Core.Accounts;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>Frames in hex, encoded by the very code that serves.</summary>
internal static class WorkedExample
{
    private const long Now = 1_767_225_600_000; // 2026-01-01
    private const long Ann = 382_444_700_310_700_139;
    private const long Bob = 382_444_700_528_803_948;

    public static IEnumerable<(string Meaning, string Hex)> Frames()
    {
        yield return ("Ann says hello: `[0, 1, 1, [1, \"demo\"]]`", Request(1, Opcode.Hello, new HelloRequest(1, "demo")));
        yield return ("The server replies: `[1, 1, 0, [1, \"swiper/0.1.0\", 0, 1767225600000, 65536, 256]]`",
            Reply(1, new HelloReply(1, "swiper/0.1.0", 0, Now, 65536, 256)));
        yield return ("Ann asks for a code: `[0, 2, 101, [\"+4915112345678\"]]`",
            Request(2, Opcode.RequestCode, new RequestCodeRequest("+4915112345678")));
        yield return ("The server has sent it: `[1, 2, 0, [180, 60, \"n0nce\"]]` (real nonces are longer)",
            Reply(2, new RequestCodeReply(180, 60, "n0nce")));
        yield return ("Ann logs in: `[0, 3, 102, [\"+4915112345678\", \"012345\", \"n0nce\"]]`",
            Request(3, Opcode.Login, new LoginRequest("+4915112345678", "012345", "n0nce")));
        yield return (
            "The reply, with her uid and token, and no push so far: "
            + "`[1, 3, 0, [382444700310700139, \"t0ken\", 1769817600000, true, 0]]` (real tokens are longer)",
            Reply(3, new LoginReply(Ann, "t0ken", Now + 30L * 86_400_000, true, 0)));
        yield return ("Ann likes Bob: `[0, 4, 202, [382444700528803948, 1]]`",
            Request(4, Opcode.Swipe, new SwipeRequest(Bob, SwipeKind.Like)));
        yield return ("Push 701 to Ann, her first: `[2, 701, 1, [382444700528803948, 1767225600000]]`",
            Push(Opcode.Matched, 1, new PersonPush(Bob, Now)));
        yield return ("The reply to her swipe, a match: `[1, 4, 0, [true, false]]`", Reply(4, new SwipeReply(true, false)));
        yield return ("A failure, for a swipe without a kind: `[1, 5, 1001, [\"kind: missing\"]]`",
            Failed(5, new Failure(StatusCode.BadParams, "kind: missing")));
    }

    private static string Request<TRequest>(uint id, Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest> => Hex((ref FrameWriter output) =>
    {
        var frame = output.Begin();
        Envelope.WriteRequest(ref frame, id, opcode);
        request.Write(ref frame);
        output.End(ref frame);
    });

    private static string Reply<TReply>(uint id, TReply reply)
        where TReply : IPayload<TReply> => Hex((ref FrameWriter output) =>
    {
        var frame = output.Begin();
        Envelope.WriteReply(ref frame, id, StatusCode.Ok);
        reply.Write(ref frame);
        output.End(ref frame);
    });

    private static string Push<TPush>(Opcode opcode, long seq, TPush push)
        where TPush : IPayload<TPush> => Hex((ref FrameWriter output) =>
    {
        var frame = output.Begin();
        Envelope.WritePush(ref frame, opcode, seq);
        push.Write(ref frame);
        output.End(ref frame);
    });

    private static string Failed(uint id, Failure failure) =>
        Hex((ref FrameWriter output) => Envelope.WriteFailure(ref output, id, failure));

    private delegate void WriteFrame(ref FrameWriter output);

    private static string Hex(WriteFrame write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var output = new FrameWriter(buffer);
        write(ref output);
        output.Flush();
        var hex = Convert.ToHexStringLower(buffer.WrittenSpan);
        return string.Join(' ', hex[..8], string.Join(' ', hex[8..].Chunk(2).Select(pair => new string(pair))));
    }
}
