using System.Text;
using System.Text.Unicode;

namespace Swiper.Core.Protocol;

/// <summary>
/// Reads positional fields from an array. The first missing or invalid field is recorded in <see cref="Problem"/>, and everything
/// after it reads as a default, so that payloads are read without a branch per field. Elements after the last one read are ignored:
/// newer clients may send more.
/// </summary>
public ref struct FieldReader
{
    private MessagePackReader _reader;
    private int _left;

    /// <param name="array">A complete array, or nil for an empty one. Anything else is a <see cref="Problem"/>.</param>
    public FieldReader(ReadOnlySpan<byte> array)
    {
        Array = array;
        _reader = new MessagePackReader(array);
        if (!_reader.TryReadNil() && !_reader.TryReadArrayHeader(out _left))
            Problem = "expected an array";
    }

    private FieldReader(MessagePackReader elements, int count)
    {
        _reader = elements;
        _left = count;
    }

    /// <summary>The bytes of the whole array.</summary>
    public ReadOnlySpan<byte> Array { get; }

    /// <summary>What was wrong with the first bad field ("sid: expected an integer"), or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The number of unread fields.</summary>
    public readonly int Left => Problem is null ? _left : 0;

    /// <summary>The kind of the next field; <see cref="MessagePackKind.End"/> if there is none.</summary>
    public readonly MessagePackKind NextKind => Left > 0 ? _reader.NextKind : MessagePackKind.End;

    public long Int64(string name) => Int64(name, required: true, missing: 0);

    /// <summary>An optional integer: nil and absence mean <paramref name="missing"/>.</summary>
    public long Int64(string name, long missing) => Int64(name, required: false, missing);

    /// <summary>An optional integer; null if absent or nil.</summary>
    public long? OptionalInt64(string name) => IsAbsent() ? null : Int64(name);

    /// <summary>An integer within bounds, both included.</summary>
    public int Int32(string name, int min, int max) => InBounds(name, Int64(name), min, max);

    /// <summary>An optional integer within bounds, both included.</summary>
    public int Int32(string name, int min, int max, int missing) => InBounds(name, Int64(name, missing), min, max);

    public bool Boolean(string name)
    {
        if (!Next(name))
            return false;
        if (!_reader.TryReadBoolean(out var value))
            Fail(name, "expected a boolean");
        return value;
    }

    /// <summary>An optional boolean: nil and absence mean <paramref name="missing"/>.</summary>
    public bool Boolean(string name, bool missing) => IsAbsent() ? missing : Boolean(name);

    public double Double(string name)
    {
        if (!Next(name))
            return 0;
        if (!_reader.TryReadDouble(out var value))
            Fail(name, "expected a number");
        return value;
    }

    /// <summary>A string of at most <paramref name="maxBytes"/> bytes of valid UTF-8.</summary>
    public string String(string name, int maxBytes) => Next(name) ? ReadString(name, maxBytes) : "";

    /// <summary>An optional string; null if absent or nil.</summary>
    public string? OptionalString(string name, int maxBytes) => IsAbsent() ? null : String(name, maxBytes);

    /// <summary>The bytes of an optional string, for comparing it with known words; false if absent or nil.</summary>
    public bool TryWord(string name, out ReadOnlySpan<byte> utf8)
    {
        utf8 = default;
        if (IsAbsent() || !Next(name))
            return false;
        if (_reader.TryReadString(out utf8))
            return true;
        Fail(name, "expected a string");
        return false;
    }

    /// <summary>
    /// The elements of an array field, as a reader. The caller reports its problems with <see cref="Fail(string)"/>.
    /// </summary>
    public FieldReader Elements(string name)
    {
        var elements = new MessagePackReader(Raw(name));
        if (elements.TryReadArrayHeader(out var count))
            return new FieldReader(elements, count);
        Fail(name, "expected an array");
        return default;
    }

    /// <summary>
    /// The alternating names and values of a map field, as a reader. The caller reports its problems likewise.
    /// </summary>
    public FieldReader Pairs(string name)
    {
        var pairs = new MessagePackReader(Raw(name));
        if (pairs.TryReadMapHeader(out var count))
            return new FieldReader(pairs, count * 2);
        Fail(name, "expected a map");
        return default;
    }

    /// <summary>The bytes of the next field, of any kind.</summary>
    public ReadOnlySpan<byte> Raw(string name)
    {
        if (!Next(name))
            return default;
        if (!_reader.TryReadRaw(out var value))
            Fail(name, "expected a value");
        return value;
    }

    /// <summary>Records that a field has an invalid value.</summary>
    public void Fail(string name, string problem) => Fail($"{name}: {problem}");

    /// <summary>Records a problem found in a nested reader; null means none.</summary>
    public void Fail(string? problem) => Problem ??= problem;

    private string ReadString(string name, int maxBytes)
    {
        if (!_reader.TryReadString(out var utf8))
            Fail(name, "expected a string");
        else if (utf8.Length > maxBytes)
            Fail(name, $"longer than {maxBytes} bytes");
        else if (!Utf8.IsValid(utf8))
            Fail(name, "not UTF-8");
        else
            return Encoding.UTF8.GetString(utf8);
        return "";
    }

    private long Int64(string name, bool required, long missing)
    {
        if (!required && IsAbsent())
            return missing;
        if (!Next(name))
            return missing;
        if (!_reader.TryReadInt64(out var value))
            Fail(name, "expected an integer");
        return value;
    }

    private int InBounds(string name, long value, int min, int max)
    {
        if (value >= min && value <= max)
            return (int)value;
        if (Problem is null)
            Fail(name, $"expected {min} to {max}");
        return min;
    }

    /// <summary>If the next field is nil, advances past it and returns true.</summary>
    public bool SkipNil() => _left > 0 && IsAbsent();

    // Absent, or nil (which is skipped): the default applies.
    private bool IsAbsent()
    {
        if (Problem is not null || _left == 0)
            return true;
        if (!_reader.TryReadNil())
            return false;
        _left--;
        return true;
    }

    private bool Next(string name)
    {
        if (Problem is not null)
            return false;
        if (_left == 0)
        {
            Fail(name, "missing");
            return false;
        }
        _left--;
        return true;
    }
}
