using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Swiper.Load.Measuring;

/// <summary>Counts by status code. Thread-safe; allocates only for a code not seen before.</summary>
internal sealed class CodeTally
{
    private readonly ConcurrentDictionary<int, StrongBox<long>> _counts = new();

    public void Count(int code, long times = 1) =>
        Interlocked.Add(ref _counts.GetOrAdd(code, static _ => new StrongBox<long>()).Value, times);

    public void Add(IEnumerable<KeyValuePair<int, long>> others)
    {
        foreach (var (code, count) in others)
            Count(code, count);
    }

    public IReadOnlyDictionary<int, long> ToCounts() =>
        _counts.OrderBy(code => code.Key).ToDictionary(code => code.Key, code => Volatile.Read(ref code.Value.Value));
}
