using System.Globalization;
using Swiper.Core.Protocol;

namespace Swiper.Client.Payloads;

/// <summary>A value that stands inside args or data: an array or a map with fields of its own.</summary>
internal interface INested<TSelf>
    where TSelf : INested<TSelf>
{
    /// <summary>Reads the field of this name.</summary>
    static abstract TSelf Read(string name, ref FieldReader fields);

    void Write(ref MessagePackWriter writer);
}

/// <summary>Reads and writes the fields that the codec has no name for.</summary>
internal static class Nested
{
    private const string IsoDate = "yyyy-MM-dd";

    public static T Read<T>(string name, ref FieldReader fields)
        where T : INested<T> => T.Read(name, ref fields);

    public static IReadOnlyList<T> ReadList<T>(string name, ref FieldReader fields)
        where T : INested<T>
    {
        var elements = fields.Elements(name);
        var list = ReadAll<T>(name, ref elements);
        fields.Fail(elements.Problem);
        return list;
    }

    /// <summary>All fields that are left, as the elements of one list.</summary>
    public static IReadOnlyList<T> ReadAll<T>(string name, ref FieldReader fields)
        where T : INested<T>
    {
        var list = new List<T>();
        while (fields.Left > 0)
            list.Add(T.Read(name, ref fields));
        return list;
    }

    public static IReadOnlyList<string> ReadStrings(string name, ref FieldReader fields)
    {
        var elements = fields.Elements(name);
        var list = new List<string>();
        while (elements.Left > 0)
            list.Add(elements.String(name, int.MaxValue));
        fields.Fail(elements.Problem);
        return list;
    }

    /// <summary>"YYYY-MM-DD".</summary>
    public static DateOnly ReadDate(string name, ref FieldReader fields)
    {
        var text = fields.String(name, IsoDate.Length);
        if (!DateOnly.TryParseExact(text, IsoDate, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            fields.Fail(name, "expected \"YYYY-MM-DD\"");
        return date;
    }

    /// <summary>The value of a word; absent or nil is a problem.</summary>
    public static T Required<T>(T? value, string name, ref FieldReader fields)
        where T : struct
    {
        if (value is null)
            fields.Fail(name, "missing");
        return value.GetValueOrDefault();
    }

    public static void Write<T>(ref MessagePackWriter writer, T value)
        where T : INested<T> => value.Write(ref writer);

    public static void WriteList<T>(ref MessagePackWriter writer, IReadOnlyList<T> list)
        where T : INested<T>
    {
        writer.WriteArrayHeader(list.Count);
        for (var index = 0; index < list.Count; index++)
            list[index].Write(ref writer);
    }

    public static void WriteStrings(ref MessagePackWriter writer, IReadOnlyList<string> list)
    {
        writer.WriteArrayHeader(list.Count);
        for (var index = 0; index < list.Count; index++)
            writer.WriteString(list[index]);
    }

    public static void WriteDate(ref MessagePackWriter writer, DateOnly date) =>
        writer.WriteString(date.ToString(IsoDate, CultureInfo.InvariantCulture));
}
