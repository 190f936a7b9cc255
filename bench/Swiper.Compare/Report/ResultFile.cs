using System.Text.Json;
using System.Text.Json.Serialization;
using Swiper.Compare.Batches;
using Swiper.Compare.Rows;

namespace Swiper.Compare.Report;

/// <summary>All figures of a run, each round's included, for other programs.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Write(string path, Surroundings surroundings, IReadOnlyList<RowResult> rows, IReadOnlyList<BatchDistribution> batches) =>
        File.WriteAllText(path, JsonSerializer.Serialize(new { surroundings, rows, batches }, Options) + Environment.NewLine);
}
