using System.Text;
using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.ClientCode;

/// <summary>Records that are maps on the wire: a property a field, null where the map does not have it.</summary>
internal sealed class ClientMaps(ProtocolModel model, StringBuilder code)
{
    private readonly FieldCode _codec = new(model);

    public void Declare(string name, WireType type)
    {
        var record = CSharp.Pascal(name);
        var isArgument = model.Requests.Any(request => model.Types[request.Args].Fields?.Any(field => field.Type == name) == true);
        code.Append($"public sealed record {record} : INested<{record}>\n{{\n");
        foreach (var field in type.Fields!)
            DeclareProperty(field, isArgument);
        DeclareRead(record, type, isArgument);
        DeclareWrite(record, type, isArgument);
        code.Append("}\n");
    }

    private void DeclareProperty(WireField field, bool isArgument)
    {
        var name = CSharp.Pascal(field.Name);
        var type = PropertyType(field);
        var first = type.EndsWith('?') ? "" : field.IsArray ? " = [];" : field.Type == "str" ? " = \"\";" : "";
        CSharp.Summary(code, "    ", CSharp.Sentence(new FieldText(model).MeaningInCode(field)));
        code.Append($"    public {type} {name} {{ get; init; }}{first}\n\n");
        if (!CanBeRemoved(field, isArgument))
            return;
        CSharp.Summary(code, "    ", $"Writes nil for `{field.Name}` if {name} is null, instead of leaving it as it is.");
        code.Append($"    public bool Remove{name} {{ get; init; }}\n\n");
    }

    private void DeclareRead(string record, WireType type, bool isArgument)
    {
        var cases = type.Fields!.Select(field =>
            $"""
                            case "{field.Name}":
                                value = {Changed(field, isArgument)};
                                break;

            """);
        code.Append($$"""
                static {{record}} INested<{{record}}>.Read(string name, ref FieldReader fields)
                {
                    var pairs = fields.Pairs(name);
                    var value = new {{record}}();
                    while (pairs.Left > 0)
                    {
                        switch (pairs.String("name", 64))
                        {
            {{string.Concat(cases)}}                default:
                                pairs.Raw("value");
                                break;
                        }
                    }
                    fields.Fail(pairs.Problem);
                    return value;
                }


            """);
    }

    private string Changed(WireField field, bool isArgument)
    {
        var name = CSharp.Pascal(field.Name);
        return CanBeRemoved(field, isArgument)
            ? $"pairs.SkipNil() ? value with {{ Remove{name} = true }} : value with {{ {name} = {Read(field with { Nullable = false })} }}"
            : $"value with {{ {name} = {Read(field)} }}";
    }

    private string Read(WireField field) => _codec.Read(field, "pairs");

    private void DeclareWrite(string record, WireType type, bool isArgument)
    {
        var optional = type.Fields!.Where(static field => field.Optional).ToList();
        var always = type.Fields!.Count - optional.Count;
        code.Append($"    void INested<{record}>.Write(ref MessagePackWriter writer)\n    {{\n");
        if (optional.Count > 0)
            code.Append($"        var count = {always};\n");
        foreach (var field in optional)
            code.Append($"        count += {IsThere(field, isArgument)} ? 1 : 0;\n");
        code.Append($"        writer.WriteMapHeader({(optional.Count > 0 ? "count" : always)});\n");
        foreach (var field in type.Fields!)
            code.Append(WriteField(field, isArgument));
        code.Append("    }\n");
    }

    private string WriteField(WireField field, bool isArgument)
    {
        var (name, variable) = (CSharp.Pascal(field.Name), CSharp.Camel(field.Name));
        var key = $"writer.WriteString(\"{field.Name}\"u8);";
        var write = _codec.Write(field with { Nullable = false }, field.Optional || field.Nullable ? variable : name);
        return field switch
        {
            { Optional: false, Nullable: false } => $$"""
                        {{key}}
                        {{write}}

                """,
            { Optional: false } => $$"""
                        {{key}}
                        if ({{name}} is { } {{variable}})
                            {{write}}
                        else
                            writer.WriteNil();

                """,
            _ => $$"""
                        if ({{name}} is { } {{variable}})
                        {
                            {{key}}
                            {{write}}
                        }

                """ + (CanBeRemoved(field, isArgument) ? $$"""
                        else if (Remove{{name}})
                        {
                            {{key}}
                            writer.WriteNil();
                        }

                """ : ""),
        };
    }

    private static string IsThere(WireField field, bool isArgument) => CanBeRemoved(field, isArgument)
        ? $"{CSharp.Pascal(field.Name)} is not null || Remove{CSharp.Pascal(field.Name)}"
        : $"{CSharp.Pascal(field.Name)} is not null";

    private static bool CanBeRemoved(WireField field, bool isArgument) => isArgument && field is { Optional: true, Nullable: true };

    private static string PropertyType(WireField field) =>
        CSharp.TypeOf(field) is var type && field.Optional && !type.EndsWith('?') ? $"{type}?" : CSharp.TypeOf(field);
}
