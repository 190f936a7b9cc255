using System.Buffers.Binary;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests;

/// <summary>Frames from plain values.</summary>
internal static class Frames
{
    /// <summary>A frame that holds the array of these values.</summary>
    public static byte[] Of(params object?[] values)
    {
        var content = Array(values);
        return [.. Prefix(content.Length), .. content];
    }

    public static byte[] Prefix(int length)
    {
        var prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, length);
        return prefix;
    }

    /// <summary>The array alone.</summary>
    public static byte[] Array(params object?[] values)
    {
        var writer = new MessagePackWriter(new byte[256]);
        Write(ref writer, values);
        var bytes = writer.Written.ToArray();
        writer.Dispose();
        return bytes;
    }

    private static void Write(ref MessagePackWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNil(); break;
            case bool flag: writer.WriteBoolean(flag); break;
            case int number: writer.WriteInt64(number); break;
            case long number: writer.WriteInt64(number); break;
            case string text: writer.WriteString(text); break;
            case object?[] elements:
                writer.WriteArrayHeader(elements.Length);
                foreach (var element in elements)
                    Write(ref writer, element);
                break;
            default: throw new ArgumentException($"no {value.GetType()} here");
        }
    }
}
