using System.Reflection;
using System.Runtime.Serialization;
using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

/// <summary>The rules of the wire as they hold for one payload.</summary>
internal static class PayloadCase<T>
    where T : IPayload<T>
{
    // No payload has a field of this kind, so it is a wrong type for each.
    private static readonly byte[] Extension = [0xd4, 0x01, 0x10];
    private static readonly byte[] Nil = [0xc0];

    private static readonly ParameterInfo[] Parameters = PayloadSamples.ConstructorOf(typeof(T))?.GetParameters() ?? [];

    public static void ReadsWhatItWrote()
    {
        foreach (var sample in PayloadSamples.Of<T>())
        {
            var written = Written(sample);
            var read = Read(written, out var problem);
            Assert.Null(problem);
            Assert.Equal(Convert.ToHexString(written), Convert.ToHexString(Written(read)));
            foreach (var property in Properties())
                Assert.True(Same(property.GetValue(sample), property.GetValue(read)), $"{property.Name} does not come back");
        }
    }

    public static void IgnoresExtraElements()
    {
        if (Fields() is not { } elements)
            return;
        var read = Read(Array([.. elements, Extension, [0x92, 0x01, 0xa1, 0x78]]), out var problem);
        Assert.Null(problem);
        Assert.Equal(Written(Sample()), Written(read));
    }

    public static void KnowsWhatIsMissing()
    {
        if (Fields() is not { } elements)
            return;
        for (var i = 0; i < elements.Count; i++)
        {
            var withoutRest = Read(Array([.. elements.Take(i)]), out var missing);
            var withNil = Read(Array([.. elements.Take(i), Nil, .. elements.Skip(i + 1)]), out var nil);
            // The fields that are absent are this one and all after it; the first that is required is named.
            var required = Enumerable.Range(i, elements.Count - i).FirstOrDefault(IsRequired, -1);
            Assert.Equal(required < 0 ? null : $"{Name(required)}: missing", missing);
            if (required == i)
                Assert.StartsWith($"{Name(i)}: ", nil);
            if (missing is not null || PropertyOf(i) is not { } property)
                continue;

            Assert.True(Same(property.GetValue(withoutRest), property.GetValue(withNil)), $"{Name(i)}: absent and nil differ");
            if (Parameters[i].HasDefaultValue && Parameters[i].DefaultValue is { } expected)
                Assert.Equal(expected, property.GetValue(withNil));
        }

        bool IsRequired(int field)
        {
            Read(Array([.. elements.Take(field), Nil, .. elements.Skip(field + 1)]), out var problem);
            return problem is not null;
        }
    }

    public static void NamesWrongTypes()
    {
        if (Fields() is not { } elements)
            return;
        for (var i = 0; i < elements.Count; i++)
        {
            if (PayloadSamples.IsAnyValue(Parameters[i].ParameterType))
                continue;
            Read(Array([.. elements.Take(i), Extension, .. elements.Skip(i + 1)]), out var problem);
            Assert.True(problem?.StartsWith($"{Name(i)}: ", StringComparison.Ordinal),
                $"{Name(i)} of a wrong type: {problem ?? "no problem"}");
        }
    }

    public static void RefusesWhatIsNoArray()
    {
        foreach (var bytes in new byte[][] { [0x80], [0x01], [0xa0], [0xc4, 0x00], Extension, [] })
        {
            Read(bytes, out var problem);
            Assert.Equal("expected an array", problem);
        }
    }

    public static void KeepsItsBounds()
    {
        if (Fields() is not { } elements)
            return;
        for (var i = 0; i < elements.Count; i++)
        {
            if (IntegerBounds(Parameters[i]) is var (min, max))
            {
                Assert.Null(With(i, min));
                Assert.Null(With(i, max));
                Assert.True(min == long.MinValue || With(i, min - 1) is not null, $"{Name(i)} may be less than {min}");
                Assert.True(max == long.MaxValue || With(i, max + 1) is not null, $"{Name(i)} may be greater than {max}");
            }
            if (Parameters[i].ParameterType == typeof(string) && BytesBound(Parameters[i]) is { } bytes)
            {
                var tooLong = $"{Name(i)}: longer than {bytes} bytes";
                Assert.NotEqual(tooLong, With(i, new string('x', bytes)));
                Assert.Equal(tooLong, With(i, new string('x', bytes + 1)));
            }
        }

        string? With(int field, object value)
        {
            var element = Wire.Write((ref writer) =>
            {
                if (value is string text)
                    writer.WriteString(text);
                else
                    writer.WriteInt64((long)value);
            });
            Read(Array([.. elements.Take(field), element, .. elements.Skip(field + 1)]), out var problem);
            return problem;
        }
    }

    // Of enums that are words on the wire there are none.
    private static (long Min, long Max)? IntegerBounds(ParameterInfo parameter)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (parameter.GetCustomAttribute<WithinAttribute>() is { } within)
            return (within.Min, within.Max);
        if (type.IsEnum && type.GetFields().All(field => field.GetCustomAttribute<EnumMemberAttribute>() is null))
            return (Enum.GetValues(type).Cast<object>().Min(Convert.ToInt64), Enum.GetValues(type).Cast<object>().Max(Convert.ToInt64));
        return type == typeof(int) ? (int.MinValue, int.MaxValue) : type == typeof(long) ? (long.MinValue, long.MaxValue) : null;
    }

    // Args declare how long their strings may be. What the server sends need not be bounded, but where it is declared it holds.
    private static int? BytesBound(ParameterInfo parameter) => parameter.GetCustomAttribute<MaxBytesAttribute>() is { } declared
        ? declared.Bytes
        : typeof(T).Name.EndsWith("Request", StringComparison.Ordinal)
        ? throw new InvalidOperationException($"{parameter.Name} of {typeof(T).Name} has no {nameof(MaxBytesAttribute)}")
        : null;

    private static T Sample() => PayloadSamples.Of<T>().First();

    // The elements, where each is a parameter of the constructor; null for payloads of another shape, such as a list of people.
    private static List<byte[]>? Fields()
    {
        var elements = Elements(Written(Sample()));
        return elements?.Count == Parameters.Length ? elements : null;
    }

    private static string Name(int parameter) => JsonNamingPolicy.SnakeCaseLower.ConvertName(Parameters[parameter].Name!);

    private static PropertyInfo? PropertyOf(int parameter) => typeof(T).GetProperty(Parameters[parameter].Name!);

    private static IEnumerable<PropertyInfo> Properties() => typeof(T)
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike);

    private static bool Same(object? one, object? other) =>
        Equals(one, other) || JsonSerializer.Serialize(one) == JsonSerializer.Serialize(other);

    private static byte[] Written(T payload) => Wire.Write((ref writer) => payload.Write(ref writer));

    private static T Read(byte[] bytes, out string? problem)
    {
        var fields = new FieldReader(bytes);
        var payload = T.Read(ref fields);
        problem = fields.Problem;
        return payload;
    }

    private static byte[] Array(IReadOnlyList<byte[]> elements) => Wire.Write((ref writer) =>
    {
        writer.WriteArrayHeader(elements.Count);
        foreach (var element in elements)
            writer.WriteRaw(element);
    });

    private static List<byte[]>? Elements(byte[] array)
    {
        var reader = new MessagePackReader(array);
        if (!reader.TryReadArrayHeader(out var count))
            return null;
        var elements = new List<byte[]>();
        while (elements.Count < count)
        {
            Assert.True(reader.TryReadRaw(out var element));
            elements.Add(element.ToArray());
        }
        Assert.Equal(0, reader.Remaining);
        return elements;
    }
}
