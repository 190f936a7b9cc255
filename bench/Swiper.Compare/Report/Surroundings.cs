using System.Runtime.InteropServices;
using Swiper.Local;

namespace Swiper.Compare.Report;

/// <summary>The context needed to interpret figures.</summary>
/// <param name="Versions">Versions of installed rivals.</param>
internal sealed record Surroundings(string Processor, int Cores, string System, string Runtime, string Versions, string Commit,
    string Command)
{
    public static Surroundings Here() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        string.Join(", ",
            new[] { ProgramVersion.Of("mariadbd"), ProgramVersion.Of("redis-server"), ProgramVersion.Of("cc") }.OfType<string>()),
        Repository.Commit() ?? "unknown",
        $"./swiper compare {string.Join(' ', Environment.GetCommandLineArgs()[1..])}".TrimEnd());

    public IReadOnlyList<(string Name, string Value)> Lines =>
    [
        ("machine", $"{Processor}, {Cores} cores, load client on the same machine"),
        ("system", System),
        ("runtime", Runtime),
        ("versions", Versions),
        ("commit", Commit),
        ("command", Command),
    ];

    private static string ProcessorName() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1]
        ?? $"{RuntimeInformation.ProcessArchitecture}";
}
