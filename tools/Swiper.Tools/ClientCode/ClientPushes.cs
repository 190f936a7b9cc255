using System.Text;
using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.ClientCode;

/// <summary>The C# client's pushes: a record each, and how they are read.</summary>
internal sealed class ClientPushes(ProtocolModel model)
{
    private readonly StringBuilder _code = new();

    public string Write()
    {
        _code.Append(CSharp.Header);
        _code.Append("using Swiper.Core.Protocol;\n\nnamespace Swiper.Client;\n\npublic abstract partial record SwiperPush\n{\n");
        foreach (var push in model.Pushes)
            Declare(push);
        _code.Append("    private static SwiperPush? TryRead(Opcode opcode, long seq, ref FieldReader fields) => opcode switch\n    {\n");
        foreach (var push in model.Pushes)
        {
            var name = CSharp.Pascal(push.Name);
            _code.Append($"        Opcode.{name} => new {name}(seq{string.Concat(Fields(push).Select(field => ", " + Read(field)))}),\n");
        }
        _code.Append("        _ => null,\n    };\n}\n");
        return _code.ToString();
    }

    private void Declare(WirePush push)
    {
        var texts = new FieldText(model);
        CSharp.Summary(_code, "    ", push.Description);
        CSharp.Parameter(_code, "    ", "Seq", push.Numbered ? "Counts up per user." : "0: this push is not numbered.");
        foreach (var field in Fields(push))
            CSharp.Parameter(_code, "    ", NameOf(field), CSharp.Sentence(texts.MeaningInCode(field)));
        var parameters = string.Concat(Fields(push).Select(static field => $", {TypeOf(field)} {NameOf(field)}"));
        _code.Append($"    public sealed record {CSharp.Pascal(push.Name)}(long Seq{parameters}) : SwiperPush(Seq);\n\n");
    }

    private IReadOnlyList<WireField> Fields(WirePush push) => model.Types[push.Data].Fields!;

    // Times and lengths of time have types of their own, and need no unit in their names.
    private static string TypeOf(WireField field) => field.Format switch
    {
        "unix_ms" => "DateTimeOffset",
        "ms" => "TimeSpan",
        _ => CSharp.TypeOf(field),
    };

    private static string NameOf(WireField field) =>
        CSharp.Pascal(field.Format == "ms" ? field.Name[..^"_ms".Length] : field.Name);

    private static string Read(WireField field) => field switch
    {
        { IsArray: true } or { Nullable: true } => throw new NotSupportedException($"{field.Name}: pushes have no such field yet"),
        { Format: "unix_ms" } => $"Time(\"{field.Name}\", ref fields)",
        { Format: "ms" } => $"TimeSpan.FromMilliseconds({Integer(field)})",
        { Type: "i32" } => Integer(field),
        { Type: "i64" } => $"fields.Int64(\"{field.Name}\")",
        { Type: "bool" } => $"fields.Boolean(\"{field.Name}\")",
        { Type: "str" } => $"fields.String(\"{field.Name}\", int.MaxValue)",
        _ => throw new NotSupportedException($"{field.Name}: pushes have no {field.Type} yet"),
    };

    private static string Integer(WireField field) =>
        $"fields.Int32(\"{field.Name}\", {field.Min ?? int.MinValue}, {field.Max ?? int.MaxValue})";
}
