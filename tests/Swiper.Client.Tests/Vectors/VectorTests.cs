using System.Text.Json;
using Swiper.Client.Requests;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Vectors;

/// <summary>The client reads and writes what docs/vectors shows, byte for byte.</summary>
public sealed class VectorTests
{
    public static TheoryData<string> Sessions => [.. ProtocolFile.Sessions];

    [Fact]
    public void Every_message_is_read_and_written_as_its_vector()
    {
        foreach (var vector in ProtocolFile.Messages)
        {
            var value = vector.GetProperty("value");
            switch (vector.GetProperty("kind").GetString())
            {
                case "request":
                    CheckRequest(ContentOf(vector), value);
                    break;
                case "push":
                    CheckPush(ContentOf(vector), value);
                    break;
                default:
                    CheckReply(ContentOf(vector), value, vector.GetProperty("type").GetString()!);
                    break;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Every_frame_of_a_session_is_read_and_written_as_it_is(string session)
    {
        var asked = new Dictionary<long, Opcode>();
        foreach (var step in ProtocolFile.Session(session).Where(step => step.TryGetProperty("value", out _)))
        {
            var content = ContentOf(step);
            var value = step.GetProperty("value");
            if (step.GetProperty("from").GetString() == "client")
            {
                if (!Envelope.TryReadRequest(content, out var id, out var opcode, out _))
                    continue; // What the server answers with 1006.
                if (Enum.IsDefined((Opcode)opcode))
                    asked[id] = (Opcode)opcode;
                CheckRequest(content, value);
            }
            else if (value[0].GetInt32() == Envelope.PushType)
                CheckPush(content, value);
            else
            {
                var isReplyTo = asked.TryGetValue(value[1].GetInt64(), out var request);
                CheckReply(content, value, isReplyTo ? ProtocolFile.TypesOf(request).Data : "no_data");
            }
        }
    }

    private static void CheckRequest(byte[] content, JsonElement value)
    {
        Assert.True(Envelope.TryReadRequest(content, out var id, out var opcode, out var args));
        Assert.Equal((value[1].GetUInt32(), value[2].GetInt32()), (id, opcode));
        // Some sessions show what the client never sends: an unknown opcode, or too few args.
        if (!Enum.IsDefined((Opcode)opcode))
            return;
        var type = ProtocolFile.TypesOf((Opcode)opcode).Args;
        if (value[3].GetArrayLength() >= ProtocolFile.FieldsOf(type).Count)
            TypedPayload.Check(type, args.ToArray(), value[3]);
    }

    private static void CheckReply(byte[] content, JsonElement value, string type)
    {
        Assert.True(Envelope.TryReadReply(content, out var id, out var code, out var data));
        Assert.Equal((value[1].GetUInt32(), value[2].GetInt32()), (id, (int)code));
        if (code == StatusCode.Ok)
        {
            TypedPayload.Check(type, data.ToArray(), value[3]);
            return;
        }
        var failure = ReplyFailure.Read(code, data);
        var elements = value[3].EnumerateArray().ToList();
        Assert.All(
            elements.Where(element => element.ValueKind == JsonValueKind.String),
            element => Assert.Equal(element.GetString(), failure.Message));
        Assert.Equal(
            elements.Where(element => element.ValueKind == JsonValueKind.Number).Select(element => element.GetInt32()).FirstOrDefault(),
            failure.RetryAfterMs);
    }

    private static void CheckPush(byte[] content, JsonElement value)
    {
        Assert.True(Envelope.TryReadPush(content, out var opcode, out var seq, out var data));
        Assert.Equal((value[1].GetInt32(), value[2].GetInt64()), ((int)opcode, seq));
        var push = SwiperPush.Read(opcode, seq, data);
        Assert.Equal((opcode.ToString(), seq), (push.GetType().Name, push.Seq));
        TypedPayload.AssertIs(value[3], push, ProtocolFile.TypeOf(opcode));
    }

    // The frame without its length, which must be right.
    private static byte[] ContentOf(JsonElement vector)
    {
        var frame = Convert.FromHexString(vector.GetProperty("frame").GetString()!);
        using var frames = new FrameReader(new(frame), maxFrame: 65_536);
        Assert.Equal(FrameStatus.Frame, frames.Read(out var content));
        Assert.False(frames.HasPartialFrame);
        return content.ToArray();
    }
}
