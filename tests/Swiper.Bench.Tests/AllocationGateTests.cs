using Swiper.Bench.Allocations;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Swiper.Bench.Tests;

/// <summary>
/// No benchmark may allocate more than bench/allocations.json allows. The whole process is counted, so nothing else runs in it.
/// </summary>
public sealed class AllocationGateTests
{
    private static readonly SortedDictionary<string, double> Allowed = AllowedAllocations.Read();

    public static TheoryData<string> Suites => [.. GatedSuite.All.Select(static suite => suite.Name)];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Benchmarks_allocate_no_more_than_they_may(string suite)
    {
        var problems = new List<string>();
        GatedSuite.All.Single(gated => gated.Name == suite).Measure((name, call, operations) =>
        {
            if (!Allowed.TryGetValue(name, out var allowed))
                problems.Add($"{name} has no line in bench/allocations.json");
            else if (LeastOrEnough(AllocationMeter.Measure(call, operations), allowed) is var measured && measured > allowed)
                problems.Add($"{name} may allocate {allowed} bytes an operation and allocates {measured}");
        });
        Assert.True(problems.Count == 0, $"{string.Join('\n', problems)}\nWhere that has to be so: ./swiper bench --update-allocations");
    }

    [Fact]
    public void Every_line_of_the_file_is_a_benchmark()
    {
        var names = GatedSuite.All.SelectMany(static suite => suite.BenchmarkNames).ToHashSet();
        Assert.DoesNotContain(Allowed.Keys, name => !names.Contains(name));
    }

    // The operation's own garbage is in every window, so the first window within the budget suffices.
    private static double LeastOrEnough(IEnumerable<AllocationWindow> windows, double enough)
    {
        var least = double.MaxValue;
        foreach (var window in windows)
        {
            least = Math.Min(least, window.Bytes);
            if (least <= enough)
                break;
        }
        return least;
    }
}
