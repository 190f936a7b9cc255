using System.Text.Json.Nodes;
using Swiper.Local;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Swiper.Tools.Tests.Deploy;

/// <summary>The documents of a YAML file of deploy/, with what they share by reference in each place, as JSON.</summary>
internal static class Yaml
{
    public static IReadOnlyList<JsonNode> Read(params string[] file)
    {
        var deserializer = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
        var json = new SerializerBuilder().JsonCompatible().Build();
        var parser = new MergingParser(new Parser(new StringReader(File.ReadAllText(Repository.PathOf(["deploy", .. file])))));
        parser.Consume<StreamStart>();
        var documents = new List<JsonNode>();
        while (parser.Accept<DocumentStart>(out _))
            documents.Add(JsonNode.Parse(json.Serialize(deserializer.Deserialize(parser)!))!);
        return documents;
    }
}
