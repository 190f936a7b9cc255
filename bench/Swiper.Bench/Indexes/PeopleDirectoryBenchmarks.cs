using BenchmarkDotNet.Attributes;
using Swiper.Core.Accounts;
using Swiper.Storage.Caching;
using Swiper.Storage.Indexes;

namespace Swiper.Bench.Indexes;

/// <summary>Finding one of 100,000 people by uid.</summary>
public class PeopleDirectoryBenchmarks : IDisposable
{
    private const int Count = 100_000;
    private const int Lookups = 1_000;

    private PeopleDirectory _directory = null!;

    [GlobalSetup]
    public void Fill()
    {
        _directory = new PeopleDirectory(new ProfileCacheOptions(Count), TimeProvider.System, knowsEverybody: true);
        for (var i = 0; i < Count; i++)
            _directory.Show(new CachedProfile(new Profile { Uid = People.UidOf(i), Phone = $"+999{i:D12}", Created = 1 }));
        Verification.Require(Slot() == Lookups && CachedProfile() == Lookups && UnknownSlot() == 0, "everyone is found, and no one else");
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Lookups)]
    public int Slot()
    {
        var found = 0;
        for (var i = 0; i < Lookups; i++)
        {
            if (_directory.People.TryGetSlot(People.UidOf(i * 97), out _))
                found++;
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int UnknownSlot()
    {
        var found = 0;
        for (var i = 0; i < Lookups; i++)
        {
            if (_directory.People.TryGetSlot(People.UidOf(Count + i), out _))
                found++;
        }
        return found;
    }

    [Benchmark(OperationsPerInvoke = Lookups)]
    public int CachedProfile()
    {
        var found = 0;
        for (var i = 0; i < Lookups; i++)
        {
            if (_directory.Profiles.Find(People.UidOf(i * 97)) is not null)
                found++;
        }
        return found;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
