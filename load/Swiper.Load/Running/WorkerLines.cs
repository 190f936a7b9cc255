using System.Globalization;
using System.Text.Json;

namespace Swiper.Load.Running;

/// <summary>The line protocol between a runner and its child processes: JSON or a single word per line.</summary>
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

    /// <exception cref="JsonException">Not a message.</exception>
    public static WorkerMessage ReadMessage(string line) =>
        JsonSerializer.Deserialize<WorkerMessage>(line) ?? throw new JsonException("expected a message, found null");

    /// <exception cref="JsonException">Not a plan.</exception>
    public static WorkerPlan ReadPlan(string line) =>
        JsonSerializer.Deserialize<WorkerPlan>(line) ?? throw new JsonException("expected a plan, found null");
}
