using Swiper.Tools.ClientCode;

namespace Swiper.Tools.ProtocolDocument;

/// <summary>A file made from the model of the protocol.</summary>
/// <param name="Path">Where it belongs, from the root of the repository.</param>
/// <param name="Content">The whole file.</param>
internal sealed record GeneratedFile(string Path, string Content)
{
    /// <summary>docs/protocol.json and all that is made from it.</summary>
    public static IReadOnlyList<GeneratedFile> AllOf(ProtocolModel server)
    {
        var json = server.ToJson();
        // As any other generator would have it, so that nothing can be missing from the file.
        var model = ProtocolModel.FromJson(json);
        return
        [
            new("docs/PROTOCOL.md", ProtocolDocument.Of(model)),
            new("docs/protocol.json", json),
            new("src/Swiper.Client/Calls/Calls.g.cs", new ClientCalls(model).Write()),
            new("src/Swiper.Client/Pushes/SwiperPush.g.cs", new ClientPushes(model).Write()),
        ];
    }
}
