using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Swiper.Core.Protocol;

namespace Swiper.Tools.TestVectors;

/// <summary>A message on its own.</summary>
/// <param name="Kind">"request", "reply", "push" or "failure".</param>
/// <param name="Name">Of the opcode, or of the code of a failure.</param>
/// <param name="Type">Of the args or the data, as docs/protocol.json names it.</param>
/// <param name="Frame">The bytes in hex, with the length before them.</param>
/// <param name="Value">The array in the frame.</param>
internal sealed record MessageVector(string Kind, string Name, string Type, string Frame, JsonNode? Value);

/// <summary>What happens next in a session.</summary>
/// <param name="From">"client" or "server".</param>
/// <param name="Meaning">In words.</param>
/// <param name="Frame">The bytes in hex, with the length before them; null if the connection closes.</param>
/// <param name="Value">The array in the frame; null if it is not a valid frame.</param>
internal sealed record SessionStep(string From, string Meaning, string? Frame, JsonNode? Value)
{
    /// <summary>True for the last step of a session that the server ends.</summary>
    public bool Closes => Frame is null;
}

/// <summary>Test vectors for clients in any language, as lines of JSON.</summary>
internal static class Vectors
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string ToLines<T>(IEnumerable<T> vectors) =>
        string.Concat(vectors.Select(static vector => JsonSerializer.Serialize(vector, Json) + "\n"));

    public static string HexOf(byte[] frame) => Convert.ToHexStringLower(frame);

    public static JsonNode? ValueOf(byte[] frame) => WireValue.Read(frame.AsSpan(FrameReader.LengthPrefix));
}
