using System.Runtime.InteropServices;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Report;

/// <summary>What a figure must be read with.</summary>
internal sealed record Surroundings(string Processor, int Cores, string System, string Runtime, string Commit, string Command)
{
    public static Surroundings Here() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        Repository.Commit(),
        $"bench {string.Join(' ', Environment.GetCommandLineArgs()[1..])}");

    public override string ToString() => $"""
        machine  {Processor}, {Cores} cores, load client on the same machine
        system   {System}
        runtime  {Runtime}
        commit   {Commit}
        command  {Command}
        """;

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
        ?? $"{RuntimeInformation.ProcessArchitecture}";
}
