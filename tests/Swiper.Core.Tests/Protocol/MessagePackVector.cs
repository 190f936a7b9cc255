using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Swiper.Core.Tests.Protocol;

/// <summary>
/// A value with every encoding that a reader must accept: of msgpack-vectors.json, and of the public MessagePack test suite where that
/// stands beside the repository, in the same format.
/// </summary>
/// <param name="Kind">The word for the value: nil, bool, binary, number, bignum, string, array, map, timestamp or ext.</param>
/// <param name="Value">The value as the file has it.</param>
/// <param name="Encodings">All of its encodings.</param>
public sealed record MessagePackVector(string Kind, JsonElement Value, IReadOnlyList<byte[]> Encodings)
{
    /// <summary>Those of the repository.</summary>
    public static IReadOnlyList<MessagePackVector> Own { get; } =
        Read(typeof(MessagePackVector).Assembly.GetManifestResourceStream("msgpack-vectors.json")!);

    public static IReadOnlyList<MessagePackVector> All { get; } =
        [.. Own, .. SharedFiles.Find("data/msgpack-test-suite.json") is { } suite ? Read(File.OpenRead(suite)) : []];

    /// <summary>Exactly, which a JSON number read as a double would not be.</summary>
    public BigInteger Integer => BigInteger.Parse(
        Value.ValueKind == JsonValueKind.String ? Value.GetString()! : Value.GetRawText(), CultureInfo.InvariantCulture);

    public bool IsInteger => Kind == "bignum" || (Kind == "number" && !Value.GetRawText().Contains('.'));

    public override string ToString() => $"{Kind} {Value.GetRawText()}";

    public static byte[] Hex(string bytes) => Convert.FromHexString(bytes.Replace("-", ""));

    private static List<MessagePackVector> Read(Stream stream)
    {
        using var file = stream;
        using var vectors = JsonDocument.Parse(file);
        return [.. vectors.RootElement.Clone().EnumerateObject().SelectMany(group => group.Value.EnumerateArray()).Select(Of)];
    }

    private static MessagePackVector Of(JsonElement entry)
    {
        // A bignum may stand beside a number; it is the exact one.
        var value = entry.EnumerateObject().Where(property => property.Name != "msgpack").OrderBy(property => property.Name).First();
        var encodings = entry.GetProperty("msgpack").EnumerateArray().Select(hex => Hex(hex.GetString()!));
        return new MessagePackVector(value.Name, value.Value, [.. encodings]);
    }
}
