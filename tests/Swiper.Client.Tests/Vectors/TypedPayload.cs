using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Vectors;

/// <summary>Reads args and data as the type that the client has for them, and writes them again.</summary>
internal static class TypedPayload
{
    private const BindingFlags Named = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    private static readonly MethodInfo Rewritten =
        typeof(TypedPayload).GetMethod(nameof(RewrittenAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Every field has the value, and what is written is the same again.</summary>
    /// <param name="typeName">As docs/protocol.json names it.</param>
    /// <param name="bytes">The args or the data.</param>
    /// <param name="value">The same as JSON.</param>
    public static void Check(string typeName, byte[] bytes, JsonElement value)
    {
        var (payload, written) = ((object, byte[]))Rewritten.MakeGenericMethod(TypeNamed(typeName)).Invoke(null, [bytes])!;
        AssertIs(value, payload, typeName);
        // A client need not tell a field of a map that is nil from one that is left out.
        if (!typeName.Contains("profile_reply", StringComparison.Ordinal))
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(written));
    }

    /// <summary>The properties of an object are the fields of a type with this value.</summary>
    public static void AssertIs(JsonElement expected, object? actual, string typeName)
    {
        var type = ProtocolFile.Type(typeName);
        switch (type.GetProperty("form").GetString())
        {
            case "array":
                foreach (var (index, field) in ProtocolFile.FieldsOf(typeName).Index())
                    AssertField(index < expected.GetArrayLength() ? expected[index] : default, Property(actual, field), field);
                break;
            case "map":
                foreach (var field in ProtocolFile.FieldsOf(typeName))
                    AssertField(expected.TryGetProperty(NameOf(field), out var value) ? value : default, Property(actual, field), field);
                break;
            case "list":
                var elements = expected.EnumerateArray().ToList();
                // Behind the others, or alone.
                if (elements is [.., { ValueKind: JsonValueKind.Object } last])
                {
                    var ifNone = Property(actual, type.GetProperty("if_none_name").GetString()!);
                    AssertIs(last, ifNone, type.GetProperty("if_none").GetString()!);
                    elements.RemoveAt(elements.Count - 1);
                }
                AssertList(elements, Property(actual, type.GetProperty("list_name").GetString()!), type.GetProperty("of").GetString()!);
                break;
        }
    }

    private static void AssertList(List<JsonElement> expected, object? actual, string type)
    {
        var list = ((IEnumerable)actual!).Cast<object>().ToList();
        Assert.Equal(expected.Count, list.Count);
        foreach (var (index, element) in list.Index())
        {
            if (ProtocolFile.IsType(type))
                AssertIs(expected[index], element, type);
            else
                Assert.Equal(expected[index].ToString(), element);
        }
    }

    private static void AssertField(JsonElement expected, object? actual, JsonElement field)
    {
        var type = field.GetProperty("type").GetString()!;
        switch (actual)
        {
            case null:
                Assert.True(
                    expected.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined, $"{NameOf(field)} is null, not {expected}");
                break;
            case Enum:
                Assert.Equal(ProtocolFile.MemberOf(type, expected).Replace("_", ""), actual.ToString(), ignoreCase: true);
                break;
            case DateTimeOffset time:
                Assert.Equal(expected.GetInt64(), time.ToUnixTimeMilliseconds());
                break;
            case TimeSpan time:
                Assert.Equal(expected.GetInt64(), (long)time.TotalMilliseconds);
                break;
            case DateOnly date:
                Assert.Equal(expected.GetString(), date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case string or bool or int or long or double:
                Assert.Equal(expected.ToString(), Convert.ToString(actual, CultureInfo.InvariantCulture));
                break;
            case IEnumerable:
                AssertList([.. expected.EnumerateArray()], actual, type);
                break;
            default:
                AssertIs(expected, actual, type);
                break;
        }
    }

    private static string NameOf(JsonElement field) => field.GetProperty("name").GetString()!;

    private static object? Property(object? owner, JsonElement field) => Property(owner, NameOf(field));

    // A length of time needs no unit in its name where it has a type of its own.
    private static object? Property(object? owner, string name)
    {
        var found = owner!.GetType().GetProperty(name.Replace("_", ""), Named)
            ?? owner.GetType().GetProperty(name[..^"_ms".Length].Replace("_", ""), Named);
        Assert.True(found is not null, $"{owner.GetType().Name} has no {name}");
        return found.GetValue(owner);
    }

    private static (object Payload, byte[] Written) RewrittenAs<T>(byte[] bytes)
        where T : IPayload<T>
    {
        var fields = new FieldReader(bytes);
        var payload = T.Read(ref fields);
        Assert.Null(fields.Problem);
        var writer = new MessagePackWriter([]);
        payload.Write(ref writer);
        var written = writer.Written.ToArray();
        writer.Dispose();
        return (payload, written);
    }

    private static Type TypeNamed(string name) => name switch
    {
        "no_args" => typeof(NoArgs),
        "no_data" => typeof(NoData),
        "echo_payload" => typeof(EchoArray),
        _ => typeof(SwiperClient).Assembly.GetType($"Swiper.Client.{name.Replace("_", "")}", throwOnError: true, ignoreCase: true)!,
    };
}
