using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>
/// docs/protocol.json: what a generator of clients in any language needs, and nothing else. The document and the C# client are generated
/// from it as well.
/// </summary>
/// <param name="Protocol">The version of the wire contract.</param>
/// <param name="Frames">How frames are cut and what they hold.</param>
/// <param name="Limits">The limits that a client meets, by name, as they are by default.</param>
/// <param name="Requests">The opcodes that clients send, by number.</param>
/// <param name="Pushes">The opcodes that the server sends, by number.</param>
/// <param name="Types">The shapes that args, data and fields refer to, by name.</param>
/// <param name="Enums">The sets of values that fields refer to, by name.</param>
/// <param name="Codes">The codes of replies, by number.</param>
internal sealed record ProtocolModel(
    int Protocol,
    WireFrames Frames,
    IReadOnlyDictionary<string, WireLimit> Limits,
    IReadOnlyList<WireRequest> Requests,
    IReadOnlyList<WirePush> Pushes,
    IReadOnlyDictionary<string, WireType> Types,
    IReadOnlyDictionary<string, WireEnum> Enums,
    IReadOnlyList<WireCode> Codes)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        WriteIndented = true,
        // Quotes and signs as they are: this is no part of a web page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    public static ProtocolModel FromJson(string json) => JsonSerializer.Deserialize<ProtocolModel>(json, Json)!;
}

/// <param name="LengthPrefix">What precedes each frame; it does not count itself.</param>
/// <param name="Request">The array that a client sends.</param>
/// <param name="Reply">The array that answers it.</param>
/// <param name="Push">The array that the server sends at any time.</param>
/// <param name="MaxDepth">How deeply values may be nested.</param>
/// <param name="Faults">Why a frame is answered with code 1006, after which the connection closes.</param>
internal sealed record WireFrames(
    string LengthPrefix, IReadOnlyList<JsonNode> Request, IReadOnlyList<JsonNode> Reply, IReadOnlyList<JsonNode> Push, int MaxDepth,
    IReadOnlyList<string> Faults);

/// <param name="What">What is limited.</param>
/// <param name="Default">How much is allowed, unless the operator has changed it.</param>
/// <param name="Unit">Of the number; null for a plain count.</param>
/// <param name="Beyond">What happens beyond.</param>
internal sealed record WireLimit(string What, long Default, string? Unit, string Beyond);

internal sealed record WireRequest
{
    public required int Opcode { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>"anonymous" or "signed_in".</summary>
    public required string Access { get; init; }

    /// <summary>Required for every call.</summary>
    public string? Permission { get; init; }

    /// <summary>Required for some args, described in words, by permission.</summary>
    public IReadOnlyDictionary<string, string>? ConditionalPermissions { get; init; }

    /// <summary>The name of the limit by address.</summary>
    public string? RateLimit { get; init; }

    /// <summary>
    /// The class of what it costs the server: "memory", "read", "write", "swipe" or "search". Of each but the first a user has a share of
    /// what a host has in progress: the limits `user_reads` to `user_searches`.
    /// </summary>
    public required string Cost { get; init; }

    /// <summary>True if it begins once all before it on the connection are answered, and those after it once it is.</summary>
    public bool RunsAlone { get; init; }

    /// <summary>True if it begins once those of the class "write" before it on the connection are answered.</summary>
    public bool AfterWrites { get; init; }

    /// <summary>True if it is safe to send again when the connection was lost before the reply.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public bool MayRepeat { get; init; }

    /// <summary>True if a success changes whose connection it is.</summary>
    public bool SignsIn { get; init; }

    /// <summary>The name of a type.</summary>
    public required string Args { get; init; }

    /// <summary>The name of a type.</summary>
    public required string Data { get; init; }

    /// <summary>The codes of its failures.</summary>
    public required IReadOnlyList<int> Failures { get; init; }
}

/// <param name="Opcode">Its number.</param>
/// <param name="Name">In snake case.</param>
/// <param name="Description">What it tells, and what to do.</param>
/// <param name="Numbered">False if its seq is always 0.</param>
/// <param name="Data">The name of a type.</param>
internal sealed record WirePush(
    int Opcode, string Name, string Description, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] bool Numbered, string Data);

/// <param name="Form">
/// "array": its fields in this order. "map": its fields by name, in any order. "list": an array of any number of values of the type
/// <paramref name="Of"/>. "any_array": an array of any values. "nil".
/// </param>
/// <param name="Description">What it is.</param>
/// <param name="Fields">Of an array or a map.</param>
/// <param name="Of">Of a list: the name of a type.</param>
/// <param name="IfNone">Of a list: the type of the one element that stands in an array without others.</param>
/// <param name="ListName">Of a list: what it is a list of.</param>
/// <param name="IfNoneName">Of a list: what the one element is.</param>
/// <param name="MayFollow">Of a list: true if the one element may also stand behind others, where the request asks for it.</param>
internal sealed record WireType(
    string Form, string? Description = null, IReadOnlyList<WireField>? Fields = null, string? Of = null, string? IfNone = null,
    string? ListName = null, string? IfNoneName = null, bool MayFollow = false);

internal sealed record WireField
{
    public required string Name { get; init; }

    /// <summary>"bool", "i32", "i64", "f64", "str", or the name of a type or an enum.</summary>
    public required string Type { get; init; }

    /// <summary>True if the value is an array of values of the type.</summary>
    public bool IsArray { get; init; }

    /// <summary>True if nil may stand for the value.</summary>
    public bool Nullable { get; init; }

    /// <summary>True if it may be left out or nil.</summary>
    public bool Optional { get; init; }

    /// <summary>What its absence means; nothing if the description says it.</summary>
    public JsonValue? Default { get; init; }

    /// <summary>"unix_ms": a time, in milliseconds since the Unix epoch. "ms", "s": a length of time. "date": YYYY-MM-DD.</summary>
    public string? Format { get; init; }

    public long? Min { get; init; }

    public long? Max { get; init; }

    /// <summary>In UTF-8; of each string in an array.</summary>
    public int? MinBytes { get; init; }

    public int? MaxBytes { get; init; }

    /// <summary>Of the elements of an array.</summary>
    public int? MaxCount { get; init; }

    /// <summary>Of a field of a profile: "all", "oneself" or "others".</summary>
    public string? SeenBy { get; init; }

    public required string Description { get; init; }
}

/// <param name="Description">What it is.</param>
/// <param name="OnWire">"int" or "str".</param>
/// <param name="Values">What is on the wire, by name.</param>
internal sealed record WireEnum(string Description, string OnWire, IReadOnlyDictionary<string, JsonValue> Values);

/// <param name="Code">Its number.</param>
/// <param name="Name">In Pascal case.</param>
/// <param name="Description">What it means.</param>
/// <param name="Data">The name of a type; null for success, whose data is the request's.</param>
internal sealed record WireCode(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int Code, string Name, string Description,
    string? Data);
