using System.Reflection;
using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Vectors;

/// <summary>Reads args and data as the type that the client has for them, and writes them again.</summary>
internal static class TypedPayload
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;

    private static readonly MethodInfo Generic =
        typeof(TypedPayload).GetMethod(nameof(CheckAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <param name="typeName">As docs/protocol.json names it.</param>
    /// <param name="bytes">The args or the data.</param>
    /// <param name="value">The same as JSON.</param>
    public static void Check(string typeName, byte[] bytes, JsonElement value)
    {
        try
        {
            Generic.MakeGenericMethod(TypeNamed(typeName)).Invoke(null, [typeName, bytes, value]);
        }
        catch (TargetInvocationException exception)
        {
            throw exception.InnerException!;
        }
    }

    private static void CheckAs<T>(string typeName, byte[] bytes, JsonElement value)
        where T : IPayload<T>
    {
        var fields = new FieldReader(bytes);
        var payload = T.Read(ref fields);
        Assert.Null(fields.Problem);
        foreach (var (index, field) in ProtocolFile.FieldsOf(typeName).Index())
            AssertIs(value[index], typeof(T).GetProperty(field.Replace("_", ""), Any)!.GetValue(payload));

        var writer = new MessagePackWriter([]);
        payload.Write(ref writer);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(writer.Written));
        writer.Dispose();
    }

    // Lists, maps and words are compared by their bytes alone.
    private static void AssertIs(JsonElement expected, object? actual)
    {
        switch (actual)
        {
            case null:
                Assert.Equal(JsonValueKind.Null, expected.ValueKind);
                break;
            case bool flag:
                Assert.Equal(expected.GetBoolean(), flag);
                break;
            case string text:
                Assert.Equal(expected.GetString(), text);
                break;
            case int or long:
                Assert.Equal(expected.GetInt64(), Convert.ToInt64(actual));
                break;
            case Enum when expected.ValueKind == JsonValueKind.Number:
                Assert.Equal(expected.GetInt64(), Convert.ToInt64(actual));
                break;
        }
    }

    private static Type TypeNamed(string name) => name == "echo_payload"
        ? typeof(EchoArray)
        : typeof(IPayload<>).Assembly.GetTypes().Single(type =>
            type.IsPublic && type.Name.Equals(name.Replace("_", ""), StringComparison.OrdinalIgnoreCase));
}
