using System.Diagnostics;
using Swiper.Compare.Processes;
using Swiper.Compare.Rows;
using Swiper.Load.Wire;
using Swiper.Storage.MySql;

namespace Swiper.Compare.Peers;

/// <summary>
/// The best a single MySQL with a shard's settings can do with swipes: Swiper's own table, one prepared multi-row statement per durable
/// transaction. No check who likes back, no index in Redis, no reply.
/// </summary>
internal sealed class MySqlBatches(ClusterServers servers, long[] people) : IDisposable
{
    /// <summary>The fastest of 200 to 500 rows per statement; more do not help.</summary>
    private const int RowsPerBatch = 500;

    private readonly ShardServer _server = Prepare(servers.BareMySqlConnection);

    /// <summary>Rows committed per second into an initially empty table; a larger table is slower.</summary>
    public Reading Measure(int connections, Pace pace, int rowsPerBatch = RowsPerBatch)
    {
        using (var connection = _server.Connect())
            connection.ExecuteText("TRUNCATE TABLE swiped");
        var writers = Enumerable.Range(0, connections)
            .Select(seed => new MySqlBatchWriter(_server, Loads.Connections / connections, people, rowsPerBatch, seed)).ToArray();
        try
        {
            BatchWriters.Run(writers, writer => writer.InsertFor(pace.WarmUp));
            var (cpu, start) = (CpuTimes.Read(servers.BareMySql), Stopwatch.GetTimestamp());
            var rows = BatchWriters.Run(writers, writer => writer.InsertFor(pace.Window));
            var elapsed = Stopwatch.GetElapsedTime(start);
            var used = CpuTimes.Read(servers.BareMySql) - cpu;
            return new Reading(rows / elapsed.TotalSeconds, used.Server / elapsed, used.Client / elapsed, used.Others / elapsed);
        }
        finally
        {
            foreach (var writer in writers)
                writer.Dispose();
        }
    }

    public void Dispose() => _server.Dispose();

    private static ShardServer Prepare(string connection)
    {
        var server = new ShardServer(0, connection);
        MySqlMigrator.Shard.Migrate(server, 1);
        return server;
    }
}
