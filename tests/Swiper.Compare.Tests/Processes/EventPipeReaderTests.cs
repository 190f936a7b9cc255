using System.Diagnostics;
using Swiper.Compare.Batches;
using Swiper.Compare.Garbage;
using Swiper.Compare.Processes;
using Swiper.Local;

namespace Swiper.Compare.Tests.Processes;

/// <summary>A host that is killed must not take with it the process that reads its counters.</summary>
public sealed class EventPipeReaderTests : IDisposable
{
    private readonly SwiperHost _host = new(new SwiperHostPlan(Repository.ProgramOf("src", "Swiper.Host"), Robots: 0));

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Whoever_reads_allocations_of_a_host_that_is_killed_gets_an_exception()
    {
        using var counter = new AllocationCounter(_host.ProcessId);
        Assert.True(counter.BytesPerSecond(1) >= 0);

        Kill();

        Assert.ThrowsAny<IOException>(ReadForever);
        Assert.ThrowsAny<IOException>(ReadForever);

        // Values sent before its exit may still be in transit.
        void ReadForever()
        {
            while (true)
                counter.BytesPerSecond(1);
        }
    }

    [Fact]
    public async Task And_so_does_who_waits_for_counts_while_it_is_killed()
    {
        using var counters = new BatchCounters(_host.ProcessId);
        counters.Read();
        var reading = Task.Run(() =>
        {
            while (true)
                counters.Read();
        }, TestContext.Current.CancellationToken);

        Kill();

        await Assert.ThrowsAnyAsync<IOException>(() => reading);
    }

    private void Kill()
    {
        using var process = Process.GetProcessById(_host.ProcessId);
        process.Kill();
    }
}
