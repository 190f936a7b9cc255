using System.Text.Json;
using Swiper.Local;

namespace Swiper.Bench.Allocations;

/// <summary>bench/allocations.json: the bytes per operation that each benchmark may allocate.</summary>
internal static class AllowedAllocations
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    public static string Path { get; } = Repository.PathOf("bench", "allocations.json");

    /// <exception cref="JsonException">The file is not a map of names to numbers.</exception>
    public static SortedDictionary<string, double> Read() =>
        new(JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path))!, StringComparer.Ordinal);

    public static void Write(SortedDictionary<string, double> allowed) =>
        File.WriteAllText(Path, JsonSerializer.Serialize(allowed, Format) + "\n");
}
