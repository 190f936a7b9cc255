using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swiper.Compare.Report;

/// <summary>All figures of a run, including each round's, for other programs.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write(string path, object figures) =>
        File.WriteAllText(path, JsonSerializer.Serialize(figures, Options) + Environment.NewLine);
}
