namespace Swiper.Local.Processes;

/// <summary>The processes that serve a load together, such as a host and its databases.</summary>
internal sealed class ServerGroup(params IReadOnlyList<(string Name, int Process)> members)
{
    /// <summary>For servers that run in this process.</summary>
    public static ServerGroup None { get; } = new();

    public IReadOnlyList<(string Name, int Process)> Members { get; } = members;

    public IReadOnlyList<string> Names { get; } = [.. members.Select(member => member.Name)];

    /// <summary>CPU time used by each process so far.</summary>
    public IReadOnlyList<TimeSpan> CpuTimes() => [.. Members.Select(member => ProcessReadings.CpuTime(member.Process))];
}
