using System.Reflection;
using System.Text;
using System.Text.Json;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>docs/PROTOCOL.md: what somebody needs who writes a client in any language, and nothing else.</summary>
internal static class ProtocolDocument
{
    private static readonly (Opcode Opcode, string Meaning, Type Payload)[] Pushes =
    [
        (Opcode.Matched, "The user and another like each other.", typeof(PersonPush)),
        (Opcode.Superliked, "Someone superliked the user.", typeof(PersonPush)),
        (Opcode.Draining,
            "The server is about to stop: it reads no more requests, answers those it has read, and closes the connection. Seq is 0: this "
            + "push is not numbered.",
            typeof(DrainingPush)),
        (Opcode.SignedOut, "The connection is no longer signed in. Seq is 0: this push is not numbered.", typeof(SignedOutPush)),
        (Opcode.Missed,
            "Takes the place of pushes that `resume` can't send because they are no longer kept. It is also sent when `last_push_seq` is "
            + "higher than the user's newest seq (it was another user's, or a backup has been restored), so that the server can't tell "
            + "what was missed: from_seq is then 1, and to_seq the newest seq, or 0 if there is none. Reload what you show. Seq is "
            + "to_seq: continue from there, even if that is lower than the seq you had.",
            typeof(MissedPush)),
    ];

    public static string Generate()
    {
        var endpoints = ServedOpcodes.Read();
        var text = new StringBuilder();
        text.Append(Introduction());
        AppendLimits(text);
        AppendSummary(text, endpoints);
        foreach (var endpoint in endpoints)
            AppendEndpoint(text, endpoint);
        AppendPushes(text);
        AppendProfile(text);
        AppendRules(text);
        AppendCodes(text);
        text.Append(Read("Example.md"));
        foreach (var (meaning, hex) in WorkedExample.Frames())
            text.Append($"{meaning}\n\n```\n{hex}\n```\n\n");
        return text.ToString().TrimEnd() + "\n";
    }

    private static string Introduction()
    {
        var text = Read("Introduction.md");
        foreach (var (name, words) in WireLimits.Words)
        {
            var place = $"{{{name}}}";
            if (!text.Contains(place, StringComparison.Ordinal))
                throw new InvalidOperationException($"Introduction.md has no {place}");
            text = text.Replace(place, words, StringComparison.Ordinal);
        }
        return text;
    }

    private static void AppendLimits(StringBuilder text)
    {
        text.Append("## Limits\n\n");
        text.Append("These are the defaults; operators can change most of them. ");
        text.Append("An address is an IPv4 address, or the first 64 bits of an IPv6 one.\n\n");
        text.Append("| what | at most | beyond |\n|---|---|---|\n");
        foreach (var (what, most, beyond) in WireLimits.Rows)
            text.Append($"| {what} | {most} | {beyond} |\n");
        text.Append('\n');
    }

    private static void AppendSummary(StringBuilder text, IReadOnlyList<Endpoint> endpoints)
    {
        text.Append("## Requests\n\n| op | name | args | data |\n|---|---|---|---|\n");
        foreach (var endpoint in endpoints)
        {
            var link = $"[{Name(endpoint.Opcode)}](#{Anchor(endpoint.Opcode)})";
            text.Append($"| {(int)endpoint.Opcode} | {link} | {Short(endpoint.RequestType)} | {Short(endpoint.ReplyType)} |\n");
        }
        text.Append('\n');
    }

    private static void AppendEndpoint(StringBuilder text, Endpoint endpoint)
    {
        text.Append($"### {(int)endpoint.Opcode} {Name(endpoint.Opcode)}\n\n");
        var description = PayloadShape.Description(endpoint.HandlerType)
            ?? throw new InvalidOperationException($"{endpoint.HandlerType} has no description");
        text.Append($"{description}\n\n");
        text.Append(endpoint.Access == Access.Anonymous ? "Requires no sign-in." : "Requires a signed-in connection.");
        if (endpoint.RateLimit != RateLimit.None)
            text.Append(" Rate-limited by address: 1005 when exceeded.");
        text.Append("\n\n");
        AppendFields(text, "args", endpoint.RequestType);
        AppendFields(text, "data", endpoint.ReplyType);
    }

    private static void AppendFields(StringBuilder text, string title, Type payload)
    {
        if (PayloadShape.FreeShape(payload) is { } shape)
        {
            text.Append($"{title}: {shape}\n\n");
            return;
        }
        var fields = PayloadShape.FieldsOf(payload);
        if (fields.Count == 0)
        {
            text.Append(title == "args" ? "args: none, `[]`\n\n" : "data: nil\n\n");
            return;
        }
        text.Append($"| {title} | type | |\n|---|---|---|\n");
        foreach (var field in fields)
        {
            var optional = !field.IsOptional || title == "data"
                ? ""
                : field.Default is { } value
                ? $" (optional, {value})"
                : " (optional)";
            text.Append($"| {field.Name} | {field.Type} | {field.Meaning}{optional} |\n");
        }
        text.Append('\n');
    }

    private static void AppendPushes(StringBuilder text)
    {
        text.Append("## Pushes\n\n");
        text.Append("""
            Seq numbers the pushes of a user from 1, on whichever connection they arrive, and has no gaps. A connection gets them in this
            order; if a number is skipped, the pushes before it are no longer kept. After `login` the numbers continue from the user's
            latest. A push with seq 0 concerns only the connection: it is neither numbered nor kept.


            """);
        foreach (var (opcode, meaning, payload) in Pushes)
        {
            text.Append($"### {(int)opcode} {Name(opcode)}\n\n{meaning}\n\n");
            AppendFields(text, "data", payload);
        }
    }

    private static void AppendProfile(StringBuilder text)
    {
        text.Append("## The profile map\n\nFields may come in any order; a client ignores those it does not know.\n\n");
        text.Append("| field | type | seen by | `update_profile` | new user | |\n|---|---|---|---|---|---|\n");
        var first = NewProfile.Fields();
        foreach (var field in ProfileFieldList.All)
        {
            var seen = field.Seen switch { ProfileFieldSeen.ByAll => "all", ProfileFieldSeen.ByOneself => "oneself", _ => "others" };
            var (mayBeChanged, atFirst) = field.MayBeChanged ? ("yes", first[field.Name]) : ("", "");
            text.Append($"| {field.Name} | {field.Type} | {seen} | {mayBeChanged} | {atFirst} | {field.Meaning} |\n");
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

    private static void AppendCodes(StringBuilder text)
    {
        text.Append("## Codes\n\nThe `data` of a failure is `[message]` unless stated otherwise.\n\n| code | name | |\n|---|---|---|\n");
        foreach (var code in Enum.GetValues<StatusCode>())
        {
            var description = PayloadShape.Description(typeof(StatusCode).GetField(code.ToString())!);
            text.Append($"| {(int)code} | {code} | {description} |\n");
        }
        text.Append('\n');
    }

    private static string Short(Type payload) => PayloadShape.FreeShape(payload)
        ?? string.Join(", ", PayloadShape.FieldsOf(payload).Select(field => field.IsOptional ? field.Name + "?" : field.Name));

    private static string Name(Opcode opcode) => JsonNamingPolicy.SnakeCaseLower.ConvertName(opcode.ToString());

    private static string Anchor(Opcode opcode) => $"{(int)opcode}-{Name(opcode)}";

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Swiper.Tools.ProtocolDocument.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
