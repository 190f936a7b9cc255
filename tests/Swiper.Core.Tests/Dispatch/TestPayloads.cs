using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Dispatch;

/// <summary>Which writer a frame is from, which of its frames it is, and some bytes that depend on both.</summary>
internal readonly record struct Numbered(int Writer, int Number, int Padding = 0) : IPayload<Numbered>
{
    public static Numbered Read(scoped ref FieldReader fields)
    {
        var numbered = new Numbered(fields.Int32("writer", 0, int.MaxValue), fields.Int32("number", 0, int.MaxValue));
        var reader = new MessagePackReader(fields.Raw("padding"));
        Assert.True(reader.TryReadBinary(out var padding));
        Assert.False(padding.ContainsAnyExcept((byte)numbered.Number));
        return numbered with { Padding = padding.Length };
    }

    public void Write(ref MessagePackWriter writer)
    {
        Span<byte> padding = stackalloc byte[Padding];
        padding.Fill((byte)Number);
        writer.WriteArrayHeader(3);
        writer.WriteInt64(Writer);
        writer.WriteInt64(Number);
        writer.WriteBinary(padding);
    }
}

/// <summary>A payload with a bug: it can't be read, and gives up after half of it was written.</summary>
internal readonly record struct Broken : IPayload<Broken>
{
    public const string Secret = "the password is swordfish";

    public static Broken Read(scoped ref FieldReader fields) => throw new InvalidOperationException(Secret);

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteString(new string('x', 1000));
        throw new InvalidOperationException(Secret);
    }
}
