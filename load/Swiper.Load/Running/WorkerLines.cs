using System.Globalization;
using System.Text.Json;

namespace Swiper.Load.Running;

/// <summary>How a runner and its child processes talk: a line of JSON, or a word, at a time.</summary>
internal static class WorkerLines
{
    private const string StartWord = "start ";

    public const string Stop = "stop";

    public static string Start(long begin) => string.Create(CultureInfo.InvariantCulture, $"{StartWord}{begin}");

    public static bool TryReadStart(string line, out long begin)
    {
        begin = 0;
        return line.StartsWith(StartWord, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(StartWord.Length), NumberStyles.None, CultureInfo.InvariantCulture, out begin);
    }

    public static string Write(WorkerPlan plan) => JsonSerializer.Serialize(plan);

    public static string Write(WorkerMessage message) => JsonSerializer.Serialize(message);

    /// <exception cref="JsonException">It is no message.</exception>
    public static WorkerMessage ReadMessage(string line) =>
        JsonSerializer.Deserialize<WorkerMessage>(line) ?? throw new JsonException("null is no message");

    /// <exception cref="JsonException">It is no plan.</exception>
    public static WorkerPlan ReadPlan(string line) =>
        JsonSerializer.Deserialize<WorkerPlan>(line) ?? throw new JsonException("null is no plan");
}
