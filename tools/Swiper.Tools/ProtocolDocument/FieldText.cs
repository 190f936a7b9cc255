using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>Types, bounds and defaults of fields in words.</summary>
internal sealed class FieldText(ProtocolModel model)
{
    /// <summary>The type on the wire, with a link if it has a section of its own: "array of str", "int or nil".</summary>
    public string Type(WireField field)
    {
        var name = field.Type switch
        {
            "i32" or "i64" => "int",
            "f64" => "float",
            _ when model.Enums.TryGetValue(field.Type, out var values) => values.OnWire,
            _ when model.Types.ContainsKey(field.Type) => Link(field.Type),
            var plain => plain,
        };
        return $"{(field.IsArray ? "array of " : "")}{name}{(field.Nullable ? " or nil" : "")}";
    }

    /// <summary>The meaning, and in parentheses the values that are allowed and what absence means.</summary>
    public string Meaning(WireField field, bool isArgument)
    {
        var optional = !isArgument || !field.Optional ? null : field.Default is { } value ? $"optional, {InJson(value)}" : "optional";
        string?[] remarks = [Values(field), Bounds(field), Bytes(field), Count(field), optional];
        var present = string.Join("; ", remarks.OfType<string>());
        return present.Length == 0 ? field.Description : $"{field.Description} ({present})";
    }

    /// <summary>The meaning and the bounds: what code does not say itself.</summary>
    public string MeaningInCode(WireField field)
    {
        var limits = string.Join("; ", new[] { Bounds(field), Bytes(field), Count(field) }.OfType<string>());
        return limits.Length == 0 ? field.Description : $"{field.Description} ({limits})";
    }

    /// <summary>A link to the section that shows the fields of a type.</summary>
    public static string Link(string type) =>
        type is "profile_view" or "profile_change" ? "[map](#the-profile-map)" : $"[{type}](#{type})";

    private string? Values(WireField field)
    {
        if (field.Format == "date")
            return "\"YYYY-MM-DD\"";
        if (!model.Enums.TryGetValue(field.Type, out var known))
            return null;
        return known.OnWire == "str"
            ? Alternatives([.. known.Values.Select(static value => InJson(value.Value))])
            : string.Join(", ", known.Values.Where(value => IsWithin(field, value.Value.GetValue<long>()))
                .Select(static value => $"{value.Value} {value.Key}"));
    }

    private string? Bounds(WireField field) => field switch
    {
        _ when model.Enums.ContainsKey(field.Type) => null,
        { Min: { } min, Max: { } max } when max < int.MaxValue => $"{min} to {max}",
        { Min: { } min } => $"at least {min}",
        _ => null,
    };

    private static string? Bytes(WireField field) => field switch
    {
        { MaxBytes: { } max, IsArray: true } => $"each at most {max} bytes",
        { MinBytes: { } min, MaxBytes: { } max } => $"{min} to {max} bytes",
        { MaxBytes: { } max } => $"at most {max} bytes",
        _ => null,
    };

    private static string? Count(WireField field) => field.MaxCount is { } max ? $"at most {max}" : null;

    private static bool IsWithin(WireField field, long value) =>
        value >= (field.Min ?? long.MinValue) && value <= (field.Max ?? long.MaxValue);

    private static string Alternatives(List<string> words) => $"{string.Join(", ", words[..^1])} or {words[^1]}";

    private static string InJson(JsonValue value) => value.GetValueKind() == JsonValueKind.String
        ? $"\"{value.GetValue<string>()}\""
        : value.ToJsonString();

    public static string Amount(WireLimit limit)
    {
        var number = limit.Default.ToString("#,0", CultureInfo.InvariantCulture);
        return limit.Unit switch
        {
            null => number,
            "s" when limit.Default >= 120 => $"{limit.Default / 60} minutes",
            "s" => $"{number} seconds",
            var unit => $"{number} {unit}",
        };
    }
}
