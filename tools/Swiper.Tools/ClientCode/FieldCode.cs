using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.ClientCode;

/// <summary>The expressions that read and write one field.</summary>
internal sealed class FieldCode(ProtocolModel model)
{
    /// <param name="field">The field; its absence is null or its default.</param>
    /// <param name="reader">The variable that holds the reader.</param>
    public string Read(WireField field, string reader)
    {
        var name = $"\"{field.Name}\"";
        return field switch
        {
            { IsArray: true, Type: "str" } => $"Nested.ReadStrings({name}, ref {reader})",
            { IsArray: true } when model.Types.ContainsKey(field.Type) =>
                $"Nested.ReadList<{CSharp.Pascal(field.Type)}>({name}, ref {reader})",
            { IsArray: true } => throw new NotSupportedException($"{field.Name}: arrays of {field.Type} have no C# yet"),
            _ when model.Types.ContainsKey(field.Type) =>
                Nullable(field, reader, $"Nested.Read<{CSharp.Pascal(field.Type)}>({name}, ref {reader})"),
            _ when model.Enums.TryGetValue(field.Type, out var known) => ReadEnum(field, known, name, reader),
            { Format: "date" } => Nullable(field, reader, $"Nested.ReadDate({name}, ref {reader})"),
            { Type: "i64", Nullable: true } => $"{reader}.OptionalInt64({name})",
            { Type: "i64" } => $"{reader}.Int64({name})",
            { Type: "i32", Nullable: true } => $"(int?){reader}.OptionalInt64({name})",
            { Type: "i32", Default: { } missing } => $"{reader}.Int32({name}, {Bounds(field)}, {missing.ToJsonString()})",
            { Type: "i32" } => $"{reader}.Int32({name}, {Bounds(field)})",
            { Type: "str", Nullable: true } => $"{reader}.OptionalString({name}, {Bytes(field)})",
            { Type: "str" } => $"{reader}.String({name}, {Bytes(field)})",
            { Type: "f64" } => Nullable(field, reader, $"{reader}.Double({name})"),
            { Type: "bool", Default: { } missing } => $"{reader}.Boolean({name}, {missing.ToJsonString()})",
            { Type: "bool" } => Nullable(field, reader, $"{reader}.Boolean({name})"),
            _ => throw new NotSupportedException($"{field.Name}: {field.Type} has no C# yet"),
        };
    }

    /// <param name="field">The field.</param>
    /// <param name="value">The expression that has its value.</param>
    public string Write(WireField field, string value) => field switch
    {
        { IsArray: true, Type: "str" } => $"Nested.WriteStrings(ref writer, {value});",
        { IsArray: true } => $"Nested.WriteList(ref writer, {value});",
        _ when model.Types.ContainsKey(field.Type) => $"Nested.Write(ref writer, {value});",
        _ when model.Enums.TryGetValue(field.Type, out var known) => known.OnWire == "int"
            ? $"writer.WriteInt64((long){value});"
            : field.Nullable
            ? $"writer.WriteOptionalString({value} is {{ }} word ? {CSharp.Pascal(field.Type)}Words.Of(word) : null);"
            : $"writer.WriteString({CSharp.Pascal(field.Type)}Words.Of({value}));",
        { Format: "date", Nullable: false } => $"Nested.WriteDate(ref writer, {value});",
        { Type: "i64" or "i32" } => $"writer.Write{(field.Nullable ? "Optional" : "")}Int64({value});",
        { Type: "str" } => $"writer.Write{(field.Nullable ? "Optional" : "")}String({value});",
        { Type: "f64", Nullable: false } => $"writer.WriteDouble({value});",
        { Type: "bool", Nullable: false } => $"writer.WriteBoolean({value});",
        _ => throw new NotSupportedException($"{field.Name}: {field.Type} or nil has no C# yet"),
    };

    private static string ReadEnum(WireField field, WireEnum known, string name, string reader)
    {
        var type = CSharp.Pascal(field.Type);
        if (known.OnWire == "int")
        {
            var values = known.Values.Values.Select(static value => value.GetValue<long>()).ToList();
            return $"({type}){reader}.Int32({name}, {field.Min ?? values.Min()}, {field.Max ?? values.Max()})";
        }
        var read = $"{type}Words.Read({name}, ref {reader})";
        if (field.Nullable)
            return read;
        return field.Default is { } missing
            ? $"{read} ?? {type}.{CSharp.Pascal(known.Values.Single(value => value.Value.ToJsonString() == missing.ToJsonString()).Key)}"
            : $"Nested.Required({read}, {name}, ref {reader})";
    }

    private static string Nullable(WireField field, string reader, string read) =>
        field.Nullable ? $"{reader}.Left == 0 || {reader}.SkipNil() ? null : {read}" : read;

    private static string Bounds(WireField field) =>
        $"{field.Min ?? int.MinValue}, {(field.Max is null or int.MaxValue ? "int.MaxValue" : field.Max)}";

    private static string Bytes(WireField field) => field.MaxBytes?.ToString() ?? "int.MaxValue";
}
