using System.Diagnostics;

namespace Swiper.Bench.Allocations;

/// <summary>Rewrites bench/allocations.json from a new measurement.</summary>
internal static class AllocationUpdate
{
    // The runtime settings of the tests that compare with the file.
    private static readonly (string Name, string Value)[] Runtime = [("DOTNET_TieredCompilation", "0"), ("DOTNET_gcConcurrent", "0")];

    /// <summary>Returns the exit code.</summary>
    public static int Run() =>
        Runtime.All(static setting => Environment.GetEnvironmentVariable(setting.Name) == setting.Value) ? Update() : RunInThatRuntime();

    private static int Update()
    {
        var before = File.Exists(AllowedAllocations.Path) ? AllowedAllocations.Read() : [];
        var now = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var suite in GatedSuite.All)
        {
            suite.Measure((name, call, operations) =>
            {
                var allowed = now[name] = Allow([.. AllocationMeter.Measure(call, operations)]);
                if (!before.TryGetValue(name, out var last))
                    Console.WriteLine($"{name}: {allowed} (new)");
                else if (last != allowed)
                    Console.WriteLine($"{name}: {last} -> {allowed}");
            });
        }
        foreach (var gone in before.Keys.Except(now.Keys))
            Console.WriteLine($"{gone}: removed");
        AllowedAllocations.Write(now);
        return 0;
    }

    // The allocations of a single thread are deterministic. With several threads a pool is sometimes empty by chance, so the budget is a
    // tenth above the measured value, to two digits.
    private static double Allow(AllocationWindow[] windows)
    {
        var least = windows.MinBy(static window => window.Bytes);
        if (least.Bytes == least.BytesOfCaller)
            return least.Bytes;
        var usual = windows.Select(static window => window.Bytes).Order().ElementAt(windows.Length / 2);
        var unit = Math.Pow(10, Math.Floor(Math.Log10(usual)) - 1);
        return Math.Round(Math.Ceiling(usual * 1.1 / unit) * unit, 1);
    }

    private static int RunInThatRuntime()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, Environment.GetCommandLineArgs());
        foreach (var (name, value) in Runtime)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
