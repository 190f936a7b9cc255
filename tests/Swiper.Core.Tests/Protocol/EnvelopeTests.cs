using System.Buffers;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

public sealed class EnvelopeTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(127u)]
    [InlineData(128u)]
    [InlineData(65536u)]
    [InlineData(uint.MaxValue)]
    public void A_request_comes_back_as_it_was_written(uint id)
    {
        var frame = Wire.Request(id, Opcode.SignedOut, (ref args) =>
        {
            args.WriteArrayHeader(2);
            args.WriteInt64(5);
            args.WriteString("x");
        });
        Assert.True(Envelope.TryReadRequest(frame, out var readId, out var opcode, out var readArgs));
        Assert.Equal(id, readId);
        Assert.Equal((ushort)Opcode.SignedOut, opcode);
        Assert.Equal("92-05-A1-78", BitConverter.ToString(readArgs.ToArray()));
    }

    [Theory]
    [InlineData("94-00-cd-00-05-d1-00-01-dc-00-00", 5, 1)] // integers and arrays need not be in their shortest form
    [InlineData("dc-00-04-00-05-01-90", 5, 1)]
    [InlineData("dd-00-00-00-04-00-05-01-90", 5, 1)]
    [InlineData("94-00-cb-41-ef-ff-ff-ff-e0-00-00-01-90", uint.MaxValue, 1)] // JavaScript writes large integers as floats
    [InlineData("94-00-05-cd-ff-ff-90", 5, 65535)]
    [InlineData("94-00-05-ce-00-01-00-00-90", 5, Envelope.NoOpcode)] // above a u16 there is no opcode, and yet a request to answer
    [InlineData("94-00-05-cf-7f-ff-ff-ff-ff-ff-ff-ff-90", 5, Envelope.NoOpcode)]
    [InlineData("94-00-05-cf-ff-ff-ff-ff-ff-ff-ff-ff-90", 5, Envelope.NoOpcode)]
    public void Any_encoding_of_a_request_is_read(string hex, uint id, int opcode)
    {
        Assert.True(Envelope.TryReadRequest(MessagePackVector.Hex(hex), out var readId, out var readOpcode, out _));
        Assert.Equal((id, opcode), (readId, readOpcode));
    }

    [Theory]
    [InlineData("", FrameFault.NotAnArray)]
    [InlineData("c0", FrameFault.NotAnArray)]
    [InlineData("c1", FrameFault.NotAnArray)]
    [InlineData("84-00-05-01-90", FrameFault.NotAnArray)] // a map
    [InlineData("90", FrameFault.WrongCount)]
    [InlineData("93-00-05-01", FrameFault.WrongCount)]
    [InlineData("95-00-05-01-90-00", FrameFault.WrongCount)]
    [InlineData("94-01-05-00-90", FrameFault.NotARequest)] // a reply
    [InlineData("94-02-05-00-90", FrameFault.NotARequest)] // a push
    [InlineData("94-ff-05-01-90", FrameFault.NotARequest)]
    [InlineData("94-00-ff-01-90", FrameFault.BadId)] // negative
    [InlineData("94-00-cf-00-00-00-01-00-00-00-00-01-90", FrameFault.BadId)] // above a u32
    [InlineData("94-00-a1-78-01-90", FrameFault.BadId)] // no number
    [InlineData("94-00-c0-01-90", FrameFault.BadId)]
    [InlineData("94-00-05-ff-90", FrameFault.BadOpcode)] // negative
    [InlineData("94-00-05-a1-78-90", FrameFault.BadOpcode)] // no number
    [InlineData("94-00-05-cf-ff-90", FrameFault.BadOpcode)] // cut off
    [InlineData("94-00-05-01-80", FrameFault.ArgsNotAnArray)] // a map
    [InlineData("94-00-05-01-c0", FrameFault.ArgsNotAnArray)] // nil
    [InlineData("94-00-05-01", FrameFault.NotAnArray)] // fewer than it says
    [InlineData("94-00-05-01-91", FrameFault.BrokenArgs)] // cut off
    [InlineData("94-00-05-01-91-c1", FrameFault.BrokenArgs)] // no MessagePack
    [InlineData("94-00-05-01-90-00", FrameFault.TrailingBytes)]
    [InlineData("94-00-05-01-90-90", FrameFault.TrailingBytes)]
    public void What_is_not_of_that_shape_is_no_request_and_the_broken_rule_is_named(string hex, FrameFault fault)
    {
        Assert.False(Envelope.TryReadRequest(MessagePackVector.Hex(hex), out _, out _, out _));
        Assert.Equal(fault, Envelope.ReadRequest(MessagePackVector.Hex(hex), out _, out _, out _));
    }

    [Fact]
    public void Each_rule_has_words_of_its_own()
    {
        var faults = Enum.GetValues<FrameFault>().Except([FrameFault.None]).ToArray();
        Assert.All(faults, fault => Assert.StartsWith("not a frame: ", fault.ToFailure().Message));
        Assert.All(faults, fault => Assert.NotEmpty(fault.Rule()));
        Assert.Distinct(faults.Select(fault => fault.ToFailure().Message));
    }

    [Fact]
    public void A_failure_is_its_message_or_the_time_to_wait_or_both()
    {
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);
        Envelope.WriteFailure(ref frames, 7, new Failure(StatusCode.NoSuchUser, "nobody"));
        Envelope.WriteFailure(ref frames, 8, Failure.Throttled(TimeSpan.FromSeconds(1.5)));
        Envelope.WriteFailure(ref frames, 9, Failure.Throttled(TimeSpan.FromMilliseconds(0.1)));
        Envelope.WriteFailure(ref frames, 10, Failure.Throttled(TimeSpan.FromDays(1000)));
        Envelope.WriteFailure(ref frames, 11, new Failure(StatusCode.CodeTooOften, "wait", 1500));
        frames.Flush();

        var replies = Wire.ReadAll(output.WrittenSpan);
        Assert.Equal((7u, StatusCode.NoSuchUser, "nobody"), (replies[0].Id, replies[0].Status, replies[0].Message));
        Assert.Equal((8u, StatusCode.Throttled, 1500), (replies[1].Id, replies[1].Status, replies[1].Number));
        Assert.Equal(1, replies[2].Number);
        Assert.Equal(int.MaxValue, replies[3].Number);
        Assert.Equal((11u, StatusCode.CodeTooOften), (replies[4].Id, replies[4].Status));
        Assert.Equal([0x92, 0xa4, (byte)'w', (byte)'a', (byte)'i', (byte)'t', 0xcd, 0x05, 0xdc], replies[4].Content);
    }

    [Fact]
    public void A_push_has_opcode_sequence_and_data()
    {
        var push = ServerFrame.Read(Wire.Write((ref frame) =>
        {
            Envelope.WritePush(ref frame, Opcode.Matched, seq: 1L << 40);
            frame.WriteArrayHeader(0);
        }));
        Assert.Equal((Envelope.PushType, (uint)Opcode.Matched, 1L << 40), (push.Type, push.Id, push.Code));
    }
}
