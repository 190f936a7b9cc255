using System.Text.Json;
using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Vectors;

/// <summary>docs/protocol.json and docs/vectors, as far as tests need them.</summary>
internal static class ProtocolFile
{
    private static readonly string Docs = Path.Combine(SharedFiles.RepositoryRoot(), "docs");
    private static readonly JsonElement Protocol = Line(File.ReadAllText(Path.Combine(Docs, "protocol.json")));

    public static IEnumerable<JsonElement> Messages => File.ReadLines(Path.Combine(Docs, "vectors", "messages.jsonl")).Select(Line);

    public static IEnumerable<string> Sessions =>
        Directory.GetFiles(Path.Combine(Docs, "vectors", "sessions")).Select(file => Path.GetFileNameWithoutExtension(file));

    public static IEnumerable<JsonElement> Session(string name) =>
        File.ReadLines(Path.Combine(Docs, "vectors", "sessions", $"{name}.jsonl")).Select(Line);

    /// <summary>The names of the types of a request's args and data.</summary>
    public static (string Args, string Data) TypesOf(Opcode request)
    {
        var found = Protocol.GetProperty("requests").EnumerateArray()
            .Single(each => each.GetProperty("opcode").GetInt32() == (int)request);
        return (found.GetProperty("args").GetString()!, found.GetProperty("data").GetString()!);
    }

    /// <summary>The name of the type of a push's data.</summary>
    public static string TypeOf(Opcode push) => Protocol.GetProperty("pushes").EnumerateArray()
        .Single(each => each.GetProperty("opcode").GetInt32() == (int)push).GetProperty("data").GetString()!;

    public static bool IsType(string name) => Protocol.GetProperty("types").TryGetProperty(name, out _);

    public static JsonElement Type(string name) => Protocol.GetProperty("types").GetProperty(name);

    /// <summary>The fields of a type that is an array or a map.</summary>
    public static IReadOnlyList<JsonElement> FieldsOf(string type) =>
        Type(type).TryGetProperty("fields", out var fields) ? [.. fields.EnumerateArray()] : [];

    /// <summary>The name of the member of an enum that stands for what is on the wire.</summary>
    public static string MemberOf(string enumName, JsonElement onWire) => Protocol.GetProperty("enums").GetProperty(enumName)
        .GetProperty("values").EnumerateObject().Single(member => member.Value.ToString() == onWire.ToString()).Name;

    private static JsonElement Line(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
