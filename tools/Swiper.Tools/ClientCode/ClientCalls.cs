using System.Text;
using Swiper.Tools.ProtocolDocument;

namespace Swiper.Tools.ClientCode;

/// <summary>
/// The C# client's typed calls: two for each opcode, one that throws and one that returns an outcome. Written by hand are only those that
/// do more than send their args, or whose args are the client's own.
/// </summary>
internal sealed class ClientCalls(ProtocolModel model)
{
    // hello: its args are the client's options. echo: its args are bytes, which are checked. login, resume, logout: they change whose
    // connection it is, and what the client does after a lost one. sign_out: one device or all others, which are two calls.
    private static readonly string[] WrittenByHand = ["hello", "echo", "login", "resume", "logout", "sign_out"];

    private readonly StringBuilder _code = new();

    public string Write()
    {
        var calls = model.Requests.Where(static request => !WrittenByHand.Contains(request.Name)).ToList();
        _code.Append(CSharp.Header);
        _code.Append("""
            using Swiper.Core.Protocol;

            namespace Swiper.Client;

            public partial interface ISwiperClient
            {

            """);
        AppendEach(calls, Declare);
        _code.Append("}\n\npublic sealed partial class SwiperClient\n{\n");
        AppendEach(calls, Implement);
        _code.Append("}\n\n");
        AppendContract();
        return _code.ToString();
    }

    private void AppendEach(List<WireRequest> calls, Action<WireRequest> append)
    {
        for (var index = 0; index < calls.Count; index++)
        {
            if (index > 0)
                _code.Append('\n');
            append(calls[index]);
        }
    }

    private void Declare(WireRequest request)
    {
        var call = CSharp.Pascal(request.Name);
        var texts = new FieldText(model);
        CSharp.Summary(_code, "    ", request.Description);
        foreach (var field in Args(request))
            CSharp.Parameter(_code, "    ", CSharp.Camel(field.Name), CSharp.Sentence(texts.MeaningInCode(field)));
        CSharp.Parameter(_code, "    ", "cancellationToken", "Stops the wait for the reply.");
        AppendSignature(request, $"{Result(request)} {call}Async", ";\n\n");
        _code.Append($"    /// <inheritdoc cref=\"{call}Async\"/>\n");
        AppendSignature(request, $"ValueTask<Outcome<{CSharp.Pascal(request.Data)}>> Try{call}Async", ";\n");
    }

    private void Implement(WireRequest request)
    {
        var call = CSharp.Pascal(request.Name);
        var (args, data) = (CSharp.Pascal(request.Args), CSharp.Pascal(request.Data));
        var passed = string.Concat(Args(request).Select(static field => CSharp.Camel(field.Name) + ", ")) + "cancellationToken";
        var isWhole = OnlyField(request) is null && model.Types[request.Data].Form != "nil";
        _code.Append("    /// <inheritdoc/>\n");
        AppendSignature(request, $"public {(isWhole ? "" : "async ")}{Result(request)} {call}Async", " =>\n");
        _code.Append(isWhole
            ? $"        Try{call}Async({passed}).OrThrow();\n\n"
            : $"        (await Try{call}Async({passed}).ConfigureAwait(false)).OrThrow(){OnlyField(request)};\n\n");

        var fields = string.Join(", ", Args(request).Select(Argument));
        var send = $"TrySendAsync<{args}, {data}>(Opcode.{call}, new {args}({fields}), cancellationToken);\n";
        if (send.Length > CSharp.Columns)
            send = send.Replace(">(Opcode", ">(\n            Opcode", StringComparison.Ordinal);
        var notNull = Args(request).Where(field => !field.Nullable && CSharp.IsReference(field, model)).ToList();
        _code.Append("    /// <inheritdoc/>\n");
        AppendSignature(request, $"public ValueTask<Outcome<{data}>> Try{call}Async", notNull is [] ? " =>\n" : "\n    {\n");
        foreach (var field in notNull)
            _code.Append($"        ArgumentNullException.ThrowIfNull({CSharp.Camel(field.Name)});\n");
        _code.Append(notNull is [] ? $"        {send}" : $"        return {send}    }}\n");
    }

    private void AppendSignature(WireRequest request, string name, string end)
    {
        var parameters = Args(request).Select(field =>
            $"{CSharp.TypeOf(field)} {CSharp.Camel(field.Name)}{(field.Optional ? $" = {CSharp.Default(field, model)}" : "")}");
        var all = string.Join(", ", parameters.Append("CancellationToken cancellationToken = default"));
        var line = $"    {name}({all})";
        _code.Append((line.Length <= CSharp.Columns ? line : $"    {name}(\n        {all})") + end);
    }

    // A number that is no member would be written as the word of another one; the server checks everything else.
    private string Argument(WireField field) =>
        model.Enums.TryGetValue(field.Type, out var known) && known.OnWire == "str" && !field.Nullable
            ? $"Known({CSharp.Camel(field.Name)})"
            : CSharp.Camel(field.Name);

    private void AppendContract()
    {
        var names = model.Requests.Where(static request => request.MayRepeat).Select(static request => CSharp.Pascal(request.Name));
        _code.Append($$"""
            /// <summary>What the client itself must know of the protocol.</summary>
            internal static class WireContract
            {
                public const int Version = {{model.Protocol}};

                /// <summary>True if it is safe to send again after a lost connection; false for opcodes newer than this client.</summary>
                public static bool MayRepeat(Opcode opcode) => opcode is
                    {{string.Join("\n        or ", names.Select(static name => $"Opcode.{name}"))}};
            }

            """);
    }

    private IReadOnlyList<WireField> Args(WireRequest request) => model.Types[request.Args].Fields!;

    // What the call that throws returns: the whole data, or the list or the map in it if that is all there is.
    private string Result(WireRequest request) => model.Types[request.Data] switch
    {
        { Form: "nil" } => "ValueTask",
        { Form: "list", IfNone: null, Of: { } element } => $"ValueTask<IReadOnlyList<{CSharp.Pascal(element)}>>",
        { Fields: [{ } only] } when OnlyField(request) is not null => $"ValueTask<{CSharp.TypeOf(only)}>",
        _ => $"ValueTask<{CSharp.Pascal(request.Data)}>",
    };

    private string? OnlyField(WireRequest request) => model.Types[request.Data] switch
    {
        { Form: "list", IfNone: null, ListName: { } list } => $".{CSharp.Pascal(list)}",
        { Fields: [{ } only] } when only.IsArray || model.Types.ContainsKey(only.Type) => $".{CSharp.Pascal(only.Name)}",
        _ => null,
    };
}
