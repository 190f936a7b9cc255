using System.Diagnostics;
using System.Globalization;
using System.Text;
using Swiper.Storage.MySql;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.MySql;

/// <summary>
/// What a row costs, in both ways of sending many, in turns. Run with <c>-explicit only -class "*MySqlMeasurements"
/// -showLiveOutput</c>.
/// </summary>
[Collection(nameof(MariaDbCollection))]
public sealed class MySqlMeasurements(MariaDbServer mariaDb)
{
    private const int Rounds = 3;

    [Theory(Explicit = true)]
    [InlineData(1, 50)]
    [InlineData(1, 200)]
    [InlineData(1, 1000)]
    [InlineData(2, 50)]
    [InlineData(2, 200)]
    [InlineData(2, 1000)]
    public void Rows_a_second_prepared_and_as_text(int connections, int rows)
    {
        var prepared = new List<Cost>();
        var text = new List<Cost>();
        for (var round = 0; round < Rounds; round++)
        {
            prepared.Add(Insert(connections, rows, asText: false));
            text.Add(Insert(connections, rows, asText: true));
        }

        Say($"{connections} connections x {rows,4} rows: prepared {Median(prepared)}; text {Median(text)}");
    }

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(256)]
    public void Keys_a_second(int keys)
    {
        using var server = PatientShard.Server(mariaDb.NewDatabase());
        MySqlMigrator.Shard.Migrate(server, 1);
        using var connection = server.Connect();
        var insert = new MultiRowInsert("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", 5);
        for (var i = 0; i < 100_000; i++)
            insert.Add(i % 1000, i, 1, 1, 1);
        insert.Execute(connection);
        var select = new KeyedSelect("SELECT uid, sid, kind FROM swiped WHERE (uid, sid) IN", 2);
        foreach (var hits in (double[])[0, 1])
        {
            var random = new Random(1);
            var cost = Measure(keys, 100_000 / keys / 4, () =>
            {
                for (var i = 0; i < keys; i++)
                {
                    var sid = random.Next(100_000);
                    select.Add(hits == 0 ? -1 : sid % 1000, sid);
                }

                select.Execute(connection, static row => row.GetInt64(2));
            });
            Say($"{keys,3} keys, {hits:P0} found: {cost}");
        }
    }

    [Theory(Explicit = true)]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(1024)]
    public async Task Rows_a_second_through_a_lane(int callers)
    {
        const int Rows = 100_000;
        using var server = PatientShard.Server(mariaDb.NewDatabase());
        MySqlMigrator.Shard.Migrate(server, 1);
        using var writer = new SwipedLaneWriter(server);
        using var lane = new Lane<SwipedLaneWriter>("test", writer);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => SwipeRow.Into(lane, -1, i)));
        var left = Rows;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (Interlocked.Decrement(ref left) >= 0)
                await SwipeRow.Into(lane, random.NextInt64(), random.NextInt64());
        })));
        Say(string.Create(CultureInfo.InvariantCulture,
            $"{callers} callers: {Rows / watch.Elapsed.TotalSeconds:F0} rows/s, mean batch {lane.BatchSizes.Mean:F0}, ")
            + string.Create(CultureInfo.InvariantCulture,
                $"{(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Rows:F0} B a row with the test's own awaiting"));
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

    private static Cost Median(List<Cost> costs) => costs.OrderBy(cost => cost.PerSecond).ElementAt(costs.Count / 2);

    private Cost Insert(int connections, int rows, bool asText)
    {
        using var server = PatientShard.Server(mariaDb.NewDatabase());
        MySqlMigrator.Shard.Migrate(server, 1);
        var costs = new Cost[connections];
        Parallel.For(0, connections, new ParallelOptions { MaxDegreeOfParallelism = connections }, i =>
        {
            using var connection = server.Connect();
            var insert = new MultiRowInsert("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES", 5,
                " ON DUPLICATE KEY UPDATE uid = uid", keyColumns: 2);
            var sql = new StringBuilder();
            var random = new Random(i);
            costs[i] = Measure(rows, 30_000 / rows, () =>
            {
                connection.Begin();
                sql.Clear().Append("INSERT INTO swiped (uid, sid, kind, at, batch) VALUES");
                for (var row = 0; row < rows; row++)
                {
                    if (asText)
                        sql.Append(CultureInfo.InvariantCulture,
                            $"{(row == 0 ? ' ' : ',')}({random.NextInt64()},{random.NextInt64()},{1},{1700000000000 + row},{i})");
                    else
                        insert.Add(random.NextInt64(), random.NextInt64(), 1, 1700000000000 + row, i);
                }

                if (asText)
                    connection.ExecuteText(sql.Append(" ON DUPLICATE KEY UPDATE uid = uid").ToString());
                else
                    insert.Execute(connection);
                connection.Commit();
            });
        });
        return new Cost(costs.Sum(cost => cost.PerSecond), costs.Average(cost => cost.Bytes), costs.Average(cost => cost.Microseconds));
    }

    private static Cost Measure(int perRun, int runs, Action run)
    {
        for (var i = 0; i < runs / 4 + 1; i++)
            run();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        var processor = ThreadNanoseconds();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < runs; i++)
            run();
        var total = (double)runs * perRun;
        return new Cost(
            total / watch.Elapsed.TotalSeconds,
            (GC.GetAllocatedBytesForCurrentThread() - bytes) / total,
            (ThreadNanoseconds() - processor) / total / 1000);
    }

    private static long ThreadNanoseconds() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);

    private sealed record Cost(double PerSecond, double Bytes, double Microseconds)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{PerSecond,7:F0}/s {Bytes,5:F0} B {Microseconds:F2} us of the client's processor each");
    }
}
