using System.Reflection;
using System.Text;
using Swiper.Core.Protocol;
using Swiper.Tools.TestVectors;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>docs/PROTOCOL.md: what somebody needs who writes a client in any language, and nothing else.</summary>
internal static class ProtocolDocument
{
    private static readonly int[] UsualFailures =
    [
        (int)StatusCode.InternalError, (int)StatusCode.BadParams, (int)StatusCode.Unavailable, (int)StatusCode.LoginRequired,
    ];

    // They have a section of their own.
    private static readonly string[] NotAmongShapes = ["profile_view", "profile_change"];

    public static string Of(ProtocolModel model)
    {
        var fields = new FieldText(model);
        var text = new StringBuilder();
        text.Append(Introduction(model));
        AppendLimits(text, model);
        AppendSummary(text, model);
        foreach (var request in model.Requests)
            AppendRequest(text, request, model, fields);
        AppendPushes(text, model, fields);
        AppendShapes(text, model, fields);
        AppendProfile(text, model, fields);
        AppendRules(text);
        AppendCodes(text, model);
        text.Append(Read("Example.md"));
        foreach (var step in Sessions.FirstMatch)
            text.Append($"{step.Meaning}: `{WireValue.InWords(step.Value)}`\n\n```\n{Spaced(step.Frame!)}\n```\n\n");
        return text.ToString().TrimEnd() + "\n";
    }

    private static string Introduction(ProtocolModel model)
    {
        var text = Read("Introduction.md").Replace(
            "{frame_faults}", string.Join('\n', model.Frames.Faults.Select(static fault => $"  - {fault}")), StringComparison.Ordinal);
        foreach (var (name, limit) in model.Limits)
            text = text.Replace($"{{{name}}}", FieldText.Amount(limit), StringComparison.Ordinal);
        return text.Contains('{', StringComparison.Ordinal)
            ? throw new InvalidOperationException("Introduction.md has a place that no limit fills")
            : text;
    }

    private static void AppendLimits(StringBuilder text, ProtocolModel model)
    {
        text.Append("## Limits\n\n");
        text.Append("These are the defaults; operators can change most of them. ");
        text.Append("An address is an IPv4 address, or the first 64 bits of an IPv6 one.\n\n");
        text.Append("| what | at most | beyond |\n|---|---|---|\n");
        foreach (var limit in model.Limits.Values)
            text.Append($"| {limit.What} | {FieldText.Amount(limit)} | {limit.Beyond} |\n");
        text.Append('\n');
    }

    private static void AppendSummary(StringBuilder text, ProtocolModel model)
    {
        text.Append("## Requests\n\n| op | name | args | data |\n|---|---|---|---|\n");
        foreach (var request in model.Requests)
        {
            var (args, data) = (Short(model.Types[request.Args]), Short(model.Types[request.Data]));
            text.Append($"| {request.Opcode} | [{request.Name}](#{request.Opcode}-{request.Name}) | {args} | {data} |\n");
        }
        text.Append($"""

            Any request can fail with {(int)StatusCode.InternalError}, {(int)StatusCode.BadParams} or {(int)StatusCode.Unavailable},
            and one that requires a signed-in connection with {(int)StatusCode.LoginRequired}. Bounds include both ends.


            """);
    }

    private static void AppendRequest(StringBuilder text, WireRequest request, ProtocolModel model, FieldText fields)
    {
        text.Append($"### {request.Opcode} {request.Name}\n\n{request.Description}\n\n");
        text.Append(request.Access == "anonymous" ? "Requires no sign-in." : "Requires a signed-in connection.");
        if (request.Permission is { } permission)
            text.Append($" Requires the permission `{permission}`.");
        foreach (var (conditional, condition) in request.ConditionalPermissions ?? new Dictionary<string, string>())
            text.Append($" Requires the permission `{conditional}` for {condition}.");
        if (request.RateLimit is not null)
            text.Append(" Rate-limited by address.");
        if (request.RunsAlone)
            text.Append(" Runs alone.");
        if (request.AfterWrites)
            text.Append(" Begins after the writes before it.");
        text.Append($" Cost: {request.Cost}.");
        text.Append(request.MayRepeat ? " Safe to repeat." : " Not safe to repeat.");
        if (request.Failures.Except(UsualFailures).ToList() is { Count: > 0 } own)
            text.Append($" Can fail with {string.Join(", ", own)}.");
        text.Append("\n\n");
        AppendPayload(text, "args", model.Types[request.Args], fields);
        AppendPayload(text, "data", model.Types[request.Data], fields);
    }

    private static void AppendPayload(StringBuilder text, string title, WireType type, FieldText fields)
    {
        switch (type)
        {
            case { Form: "nil" }:
                text.Append($"{title}: nil\n\n");
                break;
            case { Form: "any_array" }:
                text.Append($"{title}: {type.Description}\n\n");
                break;
            case { Form: "list", Of: { } element }:
                var orAsked = type.MayFollow ? ", or at the end if it is asked for" : "";
                var ifNone = type.IfNone is { } other ? $"; if there are none{orAsked}, one {FieldText.Link(other)}" : "";
                text.Append($"{title}: {type.Description}, each a {FieldText.Link(element)}{ifNone}\n\n");
                break;
            case { Fields: [] }:
                text.Append($"{title}: none, `[]`\n\n");
                break;
            default:
                AppendFields(text, title, type, fields);
                break;
        }
    }

    private static void AppendFields(StringBuilder text, string title, WireType type, FieldText fields)
    {
        text.Append($"| {title} | type | |\n|---|---|---|\n");
        foreach (var field in type.Fields!)
            text.Append($"| {field.Name} | {fields.Type(field)} | {fields.Meaning(field, isArgument: title == "args")} |\n");
        text.Append('\n');
    }

    private static void AppendPushes(StringBuilder text, ProtocolModel model, FieldText fields)
    {
        text.Append("## Pushes\n\n");
        text.Append("""
            Seq numbers the pushes of a user from 1, on whichever connection they arrive, and has no gaps. A connection gets them in this
            order; if a number is skipped, the pushes before it are no longer kept. After `login` the numbers continue from the user's
            latest. A push with seq 0 concerns only the connection: it is neither numbered nor kept.


            """);
        foreach (var push in model.Pushes)
        {
            var seq = push.Numbered ? "" : " Seq is 0: this push is not numbered.";
            text.Append($"### {push.Opcode} {push.Name}\n\n{push.Description}{seq}\n\n");
            AppendPayload(text, "data", model.Types[push.Data], fields);
        }
    }

    // What stands inside args and data.
    private static void AppendShapes(StringBuilder text, ProtocolModel model, FieldText fields)
    {
        text.Append("## Shapes\n\n");
        var payloads = model.Requests.SelectMany(static request => new[] { request.Args, request.Data })
            .Concat(model.Pushes.Select(static push => push.Data))
            .Concat(model.Codes.Select(static code => code.Data).OfType<string>());
        foreach (var (name, type) in model.Types.ExceptBy(payloads.Concat(NotAmongShapes), static type => type.Key))
        {
            text.Append($"### {name}\n\n");
            text.Append(type.Description);
            text.Append(type.Form == "map" ? " A map; its fields may come in any order.\n\n" : " An array.\n\n");
            AppendFields(text, "field", type, fields);
        }
    }

    private static void AppendProfile(StringBuilder text, ProtocolModel model, FieldText fields)
    {
        text.Append("## The profile map\n\nFields may come in any order; a client ignores those it does not know.\n\n");
        text.Append("| field | type | seen by | `update_profile` | new user | |\n|---|---|---|---|---|---|\n");
        var changeable = model.Types["profile_change"].Fields!.Select(static field => field.Name).ToHashSet();
        var first = NewProfile.Fields();
        foreach (var field in model.Types["profile_view"].Fields!)
        {
            var (mayBeChanged, atFirst) = changeable.Contains(field.Name) ? ("yes", first[field.Name]) : ("", "");
            var meaning = fields.Meaning(field, isArgument: false);
            text.Append($"| {field.Name} | {fields.Type(field)} | {field.SeenBy} | {mayBeChanged} | {atFirst} | {meaning} |\n");
        }
        text.Append('\n');
    }

    private static void AppendRules(StringBuilder text)
    {
        text.Append("## Rules in numbers\n\n| what | |\n|---|---|\n");
        foreach (var (what, rule) in ProductRules.Rows)
            text.Append($"| {what} | {rule} |\n");
        text.Append('\n');
    }

    private static void AppendCodes(StringBuilder text, ProtocolModel model)
    {
        text.Append("## Codes\n\n| code | name | data | |\n|---|---|---|---|\n");
        foreach (var code in model.Codes)
        {
            var data = code.Data is { } type ? $"[{Short(model.Types[type])}]" : "";
            text.Append($"| {code.Code} | {code.Name} | {data} | {code.Description} |\n");
        }
        text.Append('\n');
    }

    private static string Spaced(string hex) =>
        string.Join(' ', hex[..8], string.Join(' ', hex[8..].Chunk(2).Select(static pair => new string(pair))));

    private static string Short(WireType type) => type switch
    {
        { ListName: { } list } => $"{list}...",
        { Description: { } description, Form: "any_array" } => description,
        _ => string.Join(", ", (type.Fields ?? []).Select(static field => field.Optional ? field.Name + "?" : field.Name)),
    };

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Swiper.Tools.ProtocolDocument.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
