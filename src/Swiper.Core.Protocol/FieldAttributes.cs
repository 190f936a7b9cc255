namespace Swiper.Core.Protocol;

// What the type of a payload's field does not tell about its form on the wire. Documents and clients are generated from these
// attributes; a test compares them with what Read accepts.

/// <summary>The bounds of an integer, both included.</summary>
/// <param name="min">The least value.</param>
/// <param name="max">The greatest value; the default means no bound.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class WithinAttribute(long min, long max = long.MaxValue) : Attribute
{
    public long Min => min;

    public long Max => max;
}

/// <summary>The maximum length of a string, in bytes of UTF-8.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class MaxBytesAttribute(int bytes) : Attribute
{
    public int Bytes => bytes;
}

/// <summary>An integer that is a time, in milliseconds since the Unix epoch.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimeAttribute : Attribute;

/// <summary>The list is not a field of the payload's array: its elements are those of the array.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ElementsAttribute : Attribute
{
    /// <summary>The type of the one element that an array without elements has instead; null if there is none.</summary>
    public Type? IfNone { get; init; }

    /// <summary>Whether that one element may stand behind others, too, where the request asks for it.</summary>
    public bool MayFollow { get; init; }
}

/// <summary>The fields of the type are written as a map from their names, in any order, rather than as an array.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class MapAttribute : Attribute;
