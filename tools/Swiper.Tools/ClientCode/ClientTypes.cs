using System.Text;
using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.ClientCode;

/// <summary>The C# client's own types of what requests and replies hold: records that read and write themselves, and enums.</summary>
internal sealed class ClientTypes(ProtocolModel model)
{
    // No fields: the codec has them. Any values: the client keeps their bytes.
    private static readonly string[] WrittenByHand = ["no_args", "no_data", "echo_payload"];

    private readonly StringBuilder _code = new();

    public string Write()
    {
        var used = UsedTypes();
        _code.Append(CSharp.Header);
        _code.Append("""
            using Swiper.Client.Payloads;
            using Swiper.Core.Protocol;

            namespace Swiper.Client;

            """);
        foreach (var (name, known) in model.Enums.Where(each => used.Contains(each.Key)))
            DeclareEnum(name, known);
        foreach (var (name, type) in model.Types.Where(each => used.Contains(each.Key)))
        {
            _code.Append('\n');
            CSharp.Summary(_code, "", Purpose(name));
            if (type.Form == "list")
                DeclareList(name, type);
            else if (type.Form == "map")
                new ClientMaps(model, _code).Declare(name, type);
            else
                DeclareArray(name, type);
        }
        return _code.ToString();
    }

    // Those that requests lead to; pushes have records of their own.
    private HashSet<string> UsedTypes()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in model.Requests)
        {
            Use(request.Args);
            Use(request.Data);
        }
        return used;

        void Use(string? name)
        {
            if (name is null || WrittenByHand.Contains(name) || !used.Add(name) || !model.Types.TryGetValue(name, out var type))
                return;
            Use(type.Of);
            Use(type.IfNone);
            foreach (var field in type.Fields ?? [])
                Use(field.Type);
        }
    }

    private string Purpose(string name)
    {
        var asked = Names(request => request.Args == name);
        var replied = Names(request => request.Data == name);
        return asked.Length > 0 ? $"The args of {asked}." : replied.Length > 0 ? $"The data of the reply to {replied}."
            : model.Types[name].Description!;

        string Names(Func<WireRequest, bool> which) =>
            string.Join(" or ", model.Requests.Where(which).Select(static request => $"`{request.Name}`"));
    }

    private void DeclareEnum(string name, WireEnum known)
    {
        _code.Append('\n');
        CSharp.Summary(_code, "", known.Description);
        _code.Append($"public enum {CSharp.Pascal(name)} : byte\n{{\n");
        foreach (var (index, (member, value)) in known.Values.Index())
            _code.Append($"    {CSharp.Pascal(member)} = {(known.OnWire == "int" ? value.ToJsonString() : index)},\n");
        _code.Append("}\n");
        if (known.OnWire == "str")
            DeclareWords(CSharp.Pascal(name), known);
    }

    // Their absence, and nil, is no word: whoever reads says what it means.
    private void DeclareWords(string name, WireEnum known)
    {
        var alternatives = string.Join(" or ", known.Values.Values.Select(static word => $"\\\"{word.GetValue<string>()}\\\""));
        var reads = known.Values.Select(value =>
            $"""
                    if (word.SequenceEqual({value.Value.ToJsonString()}u8))
                        return {name}.{CSharp.Pascal(value.Key)};

            """);
        var words = known.Values.Select(value => $"        {name}.{CSharp.Pascal(value.Key)} => {value.Value.ToJsonString()},\n");
        _code.Append($$"""

            internal static class {{name}}Words
            {
                public static {{name}}? Read(string name, ref FieldReader fields)
                {
                    if (!fields.TryWord(name, out var word))
                        return null;
            {{string.Concat(reads)}}        fields.Fail(name, "expected {{alternatives}}");
                    return null;
                }

                public static string Of({{name}} value) => value switch
                {
            {{string.Concat(words)}}        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no word"),
                };
            }

            """);
    }

    private void DeclareArray(string name, WireType type)
    {
        var (fields, record, codec) = (type.Fields!, CSharp.Pascal(name), new FieldCode(model));
        var texts = new FieldText(model);
        foreach (var field in fields)
            CSharp.Parameter(_code, "", CSharp.Pascal(field.Name), CSharp.Sentence(texts.MeaningInCode(field)));
        // What holds lists or other records is passed by reference.
        var isClass = fields.Any(field => field.IsArray || model.Types.ContainsKey(field.Type));
        var parameters = fields.Select(field =>
            $"\n    {CSharp.TypeOf(field)} {CSharp.Pascal(field.Name)}{(field.Optional ? $" = {CSharp.Default(field, model)}" : "")}");
        _code.Append($"public {(isClass ? "sealed record" : "readonly record struct")} {record}({string.Join(",", parameters)})");
        _code.Append($" : {(IsPayload(name) ? "IPayload" : "INested")}<{record}>\n{{\n");
        DeclareConstants(fields);

        var reader = IsPayload(name) ? "fields" : "inner";
        var reads = string.Join(",", fields.Select(field => $"\n            {codec.Read(field, reader)}"));
        _code.Append(IsPayload(name)
            ? $$"""
                    /// <inheritdoc/>
                    public static {{record}} Read(scoped ref FieldReader fields) =>
                        new({{reads}});


                """
            : $$"""
                    static {{record}} INested<{{record}}>.Read(string name, ref FieldReader fields)
                    {
                        var inner = fields.Elements(name);
                        var value = new {{record}}({{reads}});
                        fields.Fail(inner.Problem);
                        return value;
                    }


                """);
        // What args leave out is written as nil; what the server leaves out at the end is left out here too.
        var absent = IsPayload(name) ? null : fields.LastOrDefault(static field => field is { Optional: true, Nullable: true });
        var writes = fields.Select(field => field == absent
            ? $"        if ({CSharp.Pascal(field.Name)} is not null)\n            {codec.Write(field, CSharp.Pascal(field.Name))}\n"
            : $"        {codec.Write(field, CSharp.Pascal(field.Name))}\n");
        var count = absent is null ? $"{fields.Count}" : $"{fields.Count - 1} + ({CSharp.Pascal(absent.Name)} is null ? 0 : 1)";
        DeclareWrite(name, record, $"        writer.WriteArrayHeader({count});\n{string.Concat(writes)}");
    }

    private void DeclareConstants(IReadOnlyList<WireField> fields)
    {
        foreach (var field in fields.Where(static field => field is { Type: "i32", Default: not null }))
        {
            _code.Append($"    public const int Default{CSharp.Pascal(field.Name)} = {field.Default!.ToJsonString()};\n");
            if (field.Max is { } max)
                _code.Append($"    public const int Max{CSharp.Pascal(field.Name)} = {max};\n");
            _code.Append('\n');
        }
    }

    private void DeclareList(string name, WireType type)
    {
        var (record, element, list) = (CSharp.Pascal(name), CSharp.Pascal(type.Of!), CSharp.Pascal(type.ListName!));
        CSharp.Parameter(_code, "", list, CSharp.Sentence(type.Description!));
        if (type is { IfNone: { } ifNone, IfNoneName: { } ifNoneName })
        {
            DeclareListOr(name, type, CSharp.Pascal(ifNone), CSharp.Pascal(ifNoneName));
            return;
        }
        _code.Append($$"""
            public sealed record {{record}}(IReadOnlyList<{{element}}> {{list}}) : IPayload<{{record}}>
            {
                /// <inheritdoc/>
                public static {{record}} Read(scoped ref FieldReader fields) =>
                    new(Nested.ReadAll<{{element}}>("{{type.ListName}}", ref fields));


            """);
        DeclareWrite(name, record, $"        Nested.WriteList(ref writer, {list});\n");
    }

    // An array of one other element stands for an empty list, or it stands behind the others.
    private void DeclareListOr(string name, WireType type, string other, string otherName)
    {
        var (record, element, list) = (CSharp.Pascal(name), CSharp.Pascal(type.Of!), CSharp.Pascal(type.ListName!));
        var andAsked = type.MayFollow ? ", and where it was asked for" : "";
        CSharp.Parameter(_code, "", otherName, $"Of an empty list{andAsked}; null of another one.");
        if (type.MayFollow)
        {
            DeclareListAnd(name, type, other, otherName);
            return;
        }
        _code.Append($$"""
            public sealed record {{record}}(IReadOnlyList<{{element}}> {{list}}, {{other}}? {{otherName}} = null) : IPayload<{{record}}>
            {
                /// <inheritdoc/>
                public static {{record}} Read(scoped ref FieldReader fields) =>
                    fields.NextKind == MessagePackKind.Map
                        ? new([], Nested.Read<{{other}}>("{{type.IfNoneName}}", ref fields))
                        : new(Nested.ReadAll<{{element}}>("{{type.ListName}}", ref fields));


            """);
        DeclareWrite(name, record, $$"""
                    if ({{otherName}} is null)
                    {
                        Nested.WriteList(ref writer, {{list}});
                        return;
                    }
                    writer.WriteArrayHeader(1);
                    Nested.Write(ref writer, {{otherName}});

            """);
    }

    private void DeclareListAnd(string name, WireType type, string other, string otherName)
    {
        var (record, element, list) = (CSharp.Pascal(name), CSharp.Pascal(type.Of!), CSharp.Pascal(type.ListName!));
        _code.Append($$"""
            public sealed record {{record}}(IReadOnlyList<{{element}}> {{list}}, {{other}}? {{otherName}} = null) : IPayload<{{record}}>
            {
                /// <inheritdoc/>
                public static {{record}} Read(scoped ref FieldReader fields)
                {
                    var list = new List<{{element}}>();
                    while (fields.Left > 0)
                    {
                        if (fields.NextKind == MessagePackKind.Map)
                            return new(list, Nested.Read<{{other}}>("{{type.IfNoneName}}", ref fields));
                        list.Add(Nested.Read<{{element}}>("{{type.ListName}}", ref fields));
                    }
                    return new(list);
                }


            """);
        DeclareWrite(name, record, $$"""
                    writer.WriteArrayHeader({{list}}.Count + ({{otherName}} is null ? 0 : 1));
                    for (var index = 0; index < {{list}}.Count; index++)
                        Nested.Write(ref writer, {{list}}[index]);
                    if ({{otherName}} is not null)
                        Nested.Write(ref writer, {{otherName}});

            """);
    }

    // The last member of a record.
    private void DeclareWrite(string name, string record, string body) => _code.Append(IsPayload(name)
        ? $$"""
                /// <inheritdoc/>
                public void Write(ref MessagePackWriter writer)
                {
            {{body}}    }
            }

            """
        : $$"""
                void INested<{{record}}>.Write(ref MessagePackWriter writer)
                {
            {{body}}    }
            }

            """);

    private bool IsPayload(string name) => model.Requests.Any(request => request.Args == name || request.Data == name);
}
