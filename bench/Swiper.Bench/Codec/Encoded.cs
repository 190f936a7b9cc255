using Swiper.Core.Protocol;

namespace Swiper.Bench.Codec;

/// <summary>Rows of values of one kind.</summary>
internal static class Encoded
{
    private delegate void WriteValue(ref MessagePackWriter writer);

    public static byte[] Nils(int count) => Row(count, static (ref writer) => writer.WriteNil());

    public static byte[] Booleans(int count) => Row(count, static (ref writer) => writer.WriteBoolean(true));

    public static byte[] Integers(int count, long value) => Row(count, (ref writer) => writer.WriteInt64(value));

    public static byte[] Doubles(int count, double value) => Row(count, (ref writer) => writer.WriteDouble(value));

    public static byte[] Strings(int count, int length) => Row(count, (ref writer) => writer.WriteString(new string('x', length)));

    public static byte[] Binaries(int count, int length) => Row(count, (ref writer) => writer.WriteBinary(new byte[length]));

    /// <summary>Empty ones, so that each header is the next value.</summary>
    public static byte[] Arrays(int count) => Row(count, static (ref writer) => writer.WriteArrayHeader(0));

    /// <summary>Empty ones.</summary>
    public static byte[] Maps(int count) => Row(count, static (ref writer) => writer.WriteMapHeader(0));

    /// <summary>Of 8 bytes (fixext 8); Swiper writes none itself.</summary>
    public static byte[] Extensions(int count) => Row(count, static (ref writer) => writer.WriteRaw([0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 0]));

    /// <summary>Arrays of two integers, as the args of a swipe are.</summary>
    public static byte[] Pairs(int count) => Row(count, WritePair);

    /// <summary>Such arrays, each alone in another one.</summary>
    public static byte[] NestedPairs(int count) => Row(count, static (ref writer) =>
    {
        writer.WriteArrayHeader(1);
        WritePair(ref writer);
    });

    private static void WritePair(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        writer.WriteInt64(7_654_321_098_765_432);
        writer.WriteInt64(1);
    }

    private static byte[] Row(int count, WriteValue write)
    {
        var writer = new MessagePackWriter([]);
        try
        {
            for (var i = 0; i < count; i++)
                write(ref writer);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }
}
