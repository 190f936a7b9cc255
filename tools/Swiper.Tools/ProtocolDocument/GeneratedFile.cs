using Swiper.Core.Dispatch;
using Swiper.Tools.ClientCode;
using Swiper.Tools.TestVectors;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>A file made from the model of the protocol.</summary>
/// <param name="Path">Where it belongs, from the root of the repository.</param>
/// <param name="Content">The whole file.</param>
internal sealed record GeneratedFile(string Path, string Content)
{
    /// <summary>docs/protocol.json and all that is made from it.</summary>
    public static IReadOnlyList<GeneratedFile> AllOf(OpcodeTable table)
    {
        var json = ModelOfServer.Of(table).ToJson();
        // As any other generator would have it, so that nothing can be missing from the file.
        var model = ProtocolModel.FromJson(json);
        return
        [
            new("docs/PROTOCOL.md", ProtocolDocument.Of(model)),
            new("docs/protocol.json", json),
            new("docs/vectors/messages.jsonl", new MessageVectors(table, model).Write()),
            .. Sessions.All.Select(static session =>
                new GeneratedFile($"docs/vectors/sessions/{session.Key}.jsonl", Vectors.ToLines(session.Value))),
            new("src/Swiper.Client/Calls/Calls.g.cs", new ClientCalls(model).Write()),
            new("src/Swiper.Client/Payloads/Payloads.g.cs", new ClientTypes(model).Write()),
            new("src/Swiper.Client/Pushes/SwiperPush.g.cs", new ClientPushes(model).Write()),
        ];
    }
}
