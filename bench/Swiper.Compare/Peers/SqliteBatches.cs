using System.Diagnostics;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Local;
using Swiper.Local.Processes;

namespace Swiper.Compare.Peers;

/// <summary>
/// The best SQLite can do with swipes: as many files as Swiper has lanes, one thread each, one prepared insert per row, one durable
/// commit per batch. No reads, no index, no reply.
/// </summary>
internal sealed class SqliteBatches : IDisposable
{
    private const int Files = 4;

    private readonly ScratchFolder _folder = new("compare-sqlite");
    private readonly SqliteBatchWriter[] _writers;

    /// <param name="swipers">Number of swiping users: as many as the load has connections.</param>
    /// <param name="rowsPerBatch">The rows a lane finds waiting when it commits: the requests in flight divided by the lanes.</param>
    public SqliteBatches(int swipers, int rowsPerBatch)
    {
        SQLitePCL.Batteries_V2.Init();
        _writers = [.. Enumerable.Range(0, Files).Select(file => new SqliteBatchWriter(
            _folder.File($"swiped{file}.db"), firstUid: file, uidStep: Files, uids: swipers / Files, rowsPerBatch))];
    }

    /// <summary>Rows committed per second in all files.</summary>
    public Reading Measure(Pace pace)
    {
        BatchWriters.Run(_writers, writer => writer.InsertFor(pace.WarmUp));
        var (cpu, start) = (CpuTimes.Read(ServerGroup.None), Stopwatch.GetTimestamp());
        var rows = BatchWriters.Run(_writers, writer => writer.InsertFor(pace.Window));
        var elapsed = Stopwatch.GetElapsedTime(start);
        var used = CpuTimes.Read(ServerGroup.None) - cpu;
        // The batches run in this process, which therefore is the measured side here.
        return new Reading(rows / elapsed.TotalSeconds, used.Client / elapsed, 0, used.Others / elapsed);
    }

    public void Dispose()
    {
        foreach (var writer in _writers)
            writer.Dispose();
        _folder.Dispose();
    }
}
