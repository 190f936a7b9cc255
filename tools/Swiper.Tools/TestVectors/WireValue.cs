using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swiper.Core.Protocol;

namespace Swiper.Tools.TestVectors;

/// <summary>MessagePack values as JSON, which has a form for each that Swiper sends; nil is null.</summary>
internal static class WireValue
{
    public static JsonNode? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var value = Read(ref reader);
        return reader.Remaining == 0 ? value : throw new ArgumentException("bytes follow the value", nameof(bytes));
    }

    public static byte[] Encode(JsonNode? value)
    {
        var writer = new MessagePackWriter([]);
        try
        {
            Write(ref writer, value);
            return writer.Written.ToArray();
        }
        finally
        {
            writer.Dispose();
        }
    }

    private static void Write(ref MessagePackWriter writer, JsonNode? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNil();
                break;
            case JsonArray array:
                writer.WriteArrayHeader(array.Count);
                foreach (var element in array)
                    Write(ref writer, element);
                break;
            case JsonObject map:
                writer.WriteMapHeader(map.Count);
                foreach (var (name, element) in map)
                {
                    writer.WriteString(name);
                    Write(ref writer, element);
                }
                break;
            case var scalar when scalar.GetValueKind() == JsonValueKind.String:
                writer.WriteString(scalar.GetValue<string>());
                break;
            case var scalar when scalar.GetValueKind() is JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(scalar.GetValue<bool>());
                break;
            case var number when long.TryParse(number.ToJsonString(), CultureInfo.InvariantCulture, out var integer):
                writer.WriteInt64(integer);
                break;
            default:
                writer.WriteDouble(value.GetValue<double>());
                break;
        }
    }

    /// <summary>In one line, as people write it.</summary>
    public static string InWords(JsonNode? value) => value switch
    {
        null => "nil",
        JsonArray array => $"[{string.Join(", ", array.Select(InWords))}]",
        JsonObject map => $"{{{string.Join(", ", map.Select(static pair => $"{pair.Key}: {InWords(pair.Value)}"))}}}",
        _ when value.GetValueKind() == JsonValueKind.String => $"\"{value.GetValue<string>()}\"",
        _ => value.ToJsonString(),
    };

    private static JsonNode? Read(ref MessagePackReader reader)
    {
        if (reader.TryReadNil())
            return null;
        if (reader.TryReadBoolean(out var flag))
            return JsonValue.Create(flag);
        if (reader.NextKind == MessagePackKind.Float && reader.TryReadDouble(out var number))
            return JsonValue.Create(number);
        if (reader.TryReadInt64(out var integer))
            return JsonValue.Create(integer);
        if (reader.TryReadString(out var utf8))
            return JsonValue.Create(Encoding.UTF8.GetString(utf8));
        if (reader.TryReadArrayHeader(out var count))
        {
            var array = new JsonArray();
            for (; count > 0; count--)
                array.Add(Read(ref reader));
            return array;
        }
        if (!reader.TryReadMapHeader(out count))
            throw new NotSupportedException($"Swiper sends no {reader.NextKind}");
        var map = new JsonObject();
        for (; count > 0; count--)
        {
            if (!reader.TryReadString(out var name))
                throw new NotSupportedException("the name of a field is a string");
            map.Add(Encoding.UTF8.GetString(name), Read(ref reader));
        }
        return map;
    }
}
