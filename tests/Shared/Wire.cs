using System.Buffers;
using System.Buffers.Binary;
using Swiper.Core.Protocol;

namespace Swiper.Tests.Shared;

public delegate void WriteValues(ref MessagePackWriter writer);

/// <summary>Frames as a client of the tests makes and understands them.</summary>
public static class Wire
{
    /// <summary>The bytes of values.</summary>
    public static byte[] Write(WriteValues values)
    {
        var writer = new MessagePackWriter([]);
        try
        {
            values(ref writer);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>The content of a request frame. Without <paramref name="args"/>, which write a whole array, they are empty.</summary>
    public static byte[] Request(uint id, Opcode opcode, WriteValues? args = null) => Write((ref writer) =>
    {
        Envelope.WriteRequest(ref writer, id, opcode);
        if (args is null)
            writer.WriteArrayHeader(0);
        else
            args(ref writer);
    });

    /// <summary>A frame: the content behind its length.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> content)
    {
        var frame = new byte[FrameReader.LengthPrefix + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame.AsSpan(FrameReader.LengthPrefix));
        return frame;
    }

    /// <summary>All frames of what a server has sent, each of which must be whole.</summary>
    public static List<ServerFrame> ReadAll(ReadOnlySpan<byte> sent)
    {
        var frames = new List<ServerFrame>();
        while (sent.Length > 0)
        {
            Assert.True(sent.Length >= FrameReader.LengthPrefix, "a part of a length is left");
            var length = BinaryPrimitives.ReadInt32BigEndian(sent);
            Assert.InRange(length, 1, sent.Length - FrameReader.LengthPrefix);
            frames.Add(ServerFrame.Read(sent.Slice(FrameReader.LengthPrefix, length)));
            sent = sent[(FrameReader.LengthPrefix + length)..];
        }
        return frames;
    }

    /// <summary>Bytes as they may lie in a pipe: in segments of at most so many bytes.</summary>
    public static ReadOnlySequence<byte> Segmented(ReadOnlyMemory<byte> bytes, params int[] lengths)
    {
        var first = new Segment(default, 0);
        var last = first;
        var start = 0;
        foreach (var length in lengths)
        {
            last = last.Append(bytes.Slice(start, length));
            start += length;
        }
        last = last.Append(bytes[start..]);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}

/// <summary>A reply or a push.</summary>
/// <param name="Type"><see cref="Envelope.ReplyType"/> or <see cref="Envelope.PushType"/>.</param>
/// <param name="Id">Of a reply the request's id, of a push its opcode.</param>
/// <param name="Code">Of a reply the code, of a push its sequence number.</param>
/// <param name="Content">The data, one MessagePack value.</param>
public sealed record ServerFrame(int Type, uint Id, long Code, byte[] Content)
{
    public StatusCode Status => (StatusCode)Code;

    /// <summary>The text of an error, or of any data that is an array of one string.</summary>
    public string Message
    {
        get
        {
            var fields = new FieldReader(Content);
            var message = fields.String("message", 1000);
            Assert.Null(fields.Problem);
            return message;
        }
    }

    /// <summary>The number in data that is an array of one integer.</summary>
    public long Number
    {
        get
        {
            var fields = new FieldReader(Content);
            var number = fields.Int64("number");
            Assert.Null(fields.Problem);
            return number;
        }
    }

    public static ServerFrame Read(ReadOnlySpan<byte> content)
    {
        var reader = new MessagePackReader(content);
        Assert.True(reader.TryReadArrayHeader(out var count));
        Assert.Equal(4, count);
        Assert.True(reader.TryReadInt64(out var type));
        Assert.InRange(type, Envelope.ReplyType, Envelope.PushType);
        Assert.True(reader.TryReadInt64(out var id));
        Assert.True(reader.TryReadInt64(out var code));
        Assert.True(reader.NextKind is MessagePackKind.Array or MessagePackKind.Nil);
        Assert.True(reader.TryReadRaw(out var data));
        Assert.Equal(0, reader.Remaining);
        return new ServerFrame((int)type, checked((uint)id), code, data.ToArray());
    }
}
