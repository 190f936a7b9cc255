using System.Globalization;
using Swiper.Load.Results;

namespace Swiper.Load.Formatting;

/// <summary>CPU use by process, as in <c>runner 0.71, server 1.02, other processes 0.04</c>.</summary>
internal static class CoresText
{
    public static string Of(RunSetting setting)
    {
        var parts = new List<string> { Part("runner", setting.RunnerCores) };
        if (setting.ServerCores is { } server)
            parts.Add(Part("server", server) + Each(setting.ServerProcesses));
        if (setting.OtherCores is { } others)
            parts.Add(Part("other processes", others));
        return string.Join(", ", parts);
    }

    private static string Each(IReadOnlyList<ProcessCores> processes) =>
        processes.Count == 0 ? "" : $" ({string.Join(", ", processes.Select(process => Part(process.Name, process.Cores)))})";

    private static string Part(string name, double cores) => string.Create(CultureInfo.InvariantCulture, $"{name} {cores:0.00}");
}
