using System.Reflection;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Swiper.Bench.Allocations;

/// <summary>
/// The benchmarks of one class that are listed in bench/allocations.json: all but rivals and those that need other servers. Run by plain
/// calls instead of BenchmarkDotNet jobs, one after the other on one object per set of parameters.
/// </summary>
internal sealed class GatedSuite
{
    private readonly Type _type;
    private readonly List<BenchmarkCase> _benchmarks;

    private GatedSuite(Type type)
    {
        _type = type;
        _benchmarks = [.. BenchmarkConverter.TypeToBenchmarks(type, ManualConfig.CreateEmpty()).BenchmarksCases.Where(IsGated)];
    }

    public static IReadOnlyList<GatedSuite> All { get; } =
    [
        .. typeof(GatedSuite).Assembly.GetTypes()
            .Where(static type => !type.IsAbstract && type.GetMethods().Any(static method => method.IsDefined(typeof(BenchmarkAttribute))))
            .Select(static type => new GatedSuite(type))
            .Where(static suite => suite._benchmarks.Count > 0),
    ];

    /// <summary>Folder and class.</summary>
    public string Name => _type.FullName![$"{nameof(Swiper)}.{nameof(Bench)}.".Length..];

    /// <summary>Folder, class, method and parameters of each benchmark, as in the file.</summary>
    public IEnumerable<string> BenchmarkNames => _benchmarks.Select(NameOf);

    /// <summary>Sets up each object, which verifies its benchmarks, and measures them.</summary>
    /// <param name="measure">Receives the name, the call, and the operations per call.</param>
    public void Measure(Action<string, Action, int> measure)
    {
        foreach (var benchmarks in _benchmarks.GroupBy(static benchmark => benchmark.Parameters.DisplayInfo))
        {
            var instance = Activator.CreateInstance(_type)!;
            foreach (var parameter in benchmarks.First().Parameters.Items)
                _type.GetProperty(parameter.Name)!.SetValue(instance, parameter.Value);
            Call(benchmarks.First().Descriptor.GlobalSetupMethod, instance);
            try
            {
                foreach (var benchmark in benchmarks)
                    measure(NameOf(benchmark), BoundCall.To(benchmark.Descriptor.WorkloadMethod, instance),
                        benchmark.Descriptor.OperationsPerInvoke);
            }
            finally
            {
                Call(benchmarks.First().Descriptor.GlobalCleanupMethod, instance);
            }
        }
    }

    private static bool IsGated(BenchmarkCase benchmark) =>
        !benchmark.Descriptor.HasCategory(BenchmarkCategories.Rival) && !benchmark.Descriptor.HasCategory(BenchmarkCategories.Cluster);

    private string NameOf(BenchmarkCase benchmark)
    {
        var name = $"{Name}.{benchmark.Descriptor.WorkloadMethod.Name}";
        return benchmark.HasParameters ? $"{name}({benchmark.Parameters.PrintInfo})" : name;
    }

    private static void Call(MethodInfo? method, object instance)
    {
        try
        {
            method?.Invoke(instance, null);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } inner)
        {
            throw new InvalidOperationException($"{method!.DeclaringType!.Name}.{method.Name} failed: {inner.Message}", inner);
        }
    }
}
