using System.Text.Json.Nodes;
using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.TestVectors;

/// <summary>Values of each shape of the protocol: one with everything, and one with as little as possible.</summary>
internal sealed class Samples(ProtocolModel model)
{
    public const long Now = 1_767_225_600_000; // 2026-01-01
    public const long Ann = 382_444_700_310_700_139;
    public const long Bob = 382_444_700_528_803_948;

    // Where the type does not tell what a good value is. A new field needs a line if the server refuses what it is given.
    private static readonly Dictionary<string, JsonNode> Known = new()
    {
        ["uid"] = Bob,
        ["sid"] = Bob,
        ["phone"] = "+4915112345678",
        ["code"] = "012345",
        ["nonce"] = "n0nce",
        ["token"] = "t0ken",
        ["protocol"] = 1,
        ["client"] = "demo",
        ["server"] = "swiper/0.1.0",
        ["max_frame"] = 65536,
        ["max_in_flight"] = 256,
        ["reason"] = "expired",
        ["nickname"] = "Zoë 🌊",
        ["location"] = "Kraków",
        ["dating_location"] = "Kyiv",
        ["birthday"] = "2000-02-29",
        ["lat"] = 50.0625,
        ["lon"] = -19.93,
        ["score"] = -5,
        ["avatar"] = "https://example.com/1.jpg",
        ["avatars"] = "https://example.com/1.jpg",
        ["cursor"] = $"{Now}.{Bob}",
        ["next_cursor"] = $"{Now}.{Bob}",
        ["message"] = "what went wrong",
        ["name"] = "silver",
        ["permissions"] = "superlike",
        ["currency"] = "coins",
    };

    /// <summary>Different values of a type, the fullest first.</summary>
    public IReadOnlyList<JsonNode?> Of(string typeName)
    {
        var type = model.Types[typeName];
        switch (type.Form)
        {
            case "nil":
                return [null];
            case "any_array":
                return [new JsonArray(1, -1, 1.5, "any", null, new JsonArray(true, new JsonObject { ["key"] = false })), new JsonArray()];
            case "list":
                var all = new JsonArray([.. Of(type.Of!)]);
                if (type.IfNone is not { } other)
                    return [all, new JsonArray()];
                return type.MayFollow
                    ? [all, new JsonArray([.. Of(type.Of!), Of(other)[0]]), new JsonArray(Of(other)[0])]
                    : [all, new JsonArray(Of(other)[0])];
            case "map":
                return Maps(type.Fields!);
            case "array" when type.Fields is [{ IsArray: false } only] && model.Types.ContainsKey(only.Type):
                return [.. Of(only.Type).Select(static value => new JsonArray(value))];
            default:
                JsonArray full = [.. type.Fields!.Select(field => Value(field, isFull: true))];
                var required = type.Fields!.TakeWhile(static field => !field.Optional);
                JsonArray least = [.. required.Select(field => Value(field, isFull: false))];
                return JsonNode.DeepEquals(full, least) ? [full] : [full, least];
        }
    }

    // A map of a profile has other fields for its owner than for others, and each may be left out of a change.
    private List<JsonNode?> Maps(IReadOnlyList<WireField> fields)
    {
        List<JsonNode?> maps = [];
        foreach (var viewer in fields.Select(static field => field.SeenBy).Where(static viewer => viewer != "all").Distinct())
        {
            var seen = fields.Where(field => field.SeenBy == viewer || field.SeenBy is null or "all").ToList();
            maps.Add(Map(seen, isFull: true));
            maps.Add(seen.TrueForAll(static field => field.Optional) ? new JsonObject() : Map(seen, isFull: false));
        }
        return maps;
    }

    private JsonObject Map(List<WireField> fields, bool isFull) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, Value(field, isFull))));

    private JsonNode? Value(WireField field, bool isFull)
    {
        if (field.Nullable && !isFull)
            return null;
        if (field.IsArray)
            return isFull ? new JsonArray(Elements(field, isFull)) : new JsonArray();
        return Elements(field, isFull)[0];
    }

    // Those of a named type are all different.
    private JsonNode?[] Elements(WireField field, bool isFull)
    {
        if (model.Types.ContainsKey(field.Type))
            return [.. Of(field.Type)];
        if (model.Enums.TryGetValue(field.Type, out var values))
            return [values.Values.Values.First().DeepClone()];
        if (Known.TryGetValue(field.Name, out var known))
            return [known.DeepClone()];
        return
        [
            field switch
            {
                { Format: "unix_ms" } => Now,
                { Type: "bool" } => isFull,
                { Type: "i32" or "i64" } => Math.Max(field.Min ?? 3, Math.Min(field.Max ?? 30, 30)),
                { Type: "f64" } => 0.5,
                _ => field.Name,
            },
        ];
    }
}
