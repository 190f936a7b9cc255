using System.Diagnostics;
using Swiper.Storage.Embedded.Sqlite;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Embedded.Sqlite;

/// <summary>
/// Rows a second of random swipes through lanes, each beside bare batches of the size that the lane made, in turns.
/// Run with <c>-explicit only</c>.
/// </summary>
[Collection(nameof(CountsTheWholeProcess))]
public sealed class SqliteLaneThroughputTests
{
    private const int Rounds = 5;

    [Theory(Explicit = true)]
    [InlineData(1, 1, 10_000)]
    [InlineData(1, 64, 150_000)]
    [InlineData(1, 256, 300_000)]
    [InlineData(1, 1024, 300_000)]
    [InlineData(4, 1, 10_000)]
    [InlineData(4, 64, 100_000)]
    [InlineData(4, 256, 300_000)]
    [InlineData(4, 1024, 300_000)]
    public void Rows_a_second(int lanes, int callers, int rows)
    {
        var ours = new List<double>();
        var bare = new List<double>();
        var mean = 0.0;
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(ThroughLanes(lanes, callers, rows, out mean));
            bare.Add(Bare(lanes, Math.Max(1, (int)Math.Round(mean)), rows));
        }

        ours.Sort();
        bare.Sort();
        var (lane, loop) = (ours[Rounds / 2], bare[Rounds / 2]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"lanes {lanes} callers {callers,4}: {lane,8:F0} rows/s [{ours[0]:F0}..{ours[^1]:F0}], mean batch {mean,6:F1}; "
            + $"bare {loop,8:F0} [{bare[0]:F0}..{bare[^1]:F0}]; ratio {lane / loop:F2}");
    }

    private static double ThroughLanes(int count, int callers, int rows, out double meanBatch)
    {
        using var folder = new TemporaryFolder();
        var connections = Open(folder, count);
        var lanes = connections.Select((connection, i) => new Lane<SwipedWriter>($"lane {i}", new SwipedWriter(connection))).ToArray();
        using var closedLoop = new ClosedLoop(lanes, callers);
        closedLoop.Run(rows / 20);
        var (batches, operations) = (lanes.Sum(lane => lane.BatchSizes.Batches), lanes.Sum(lane => lane.BatchSizes.Operations));
        var watch = Stopwatch.StartNew();
        closedLoop.Run(rows);
        var seconds = watch.Elapsed.TotalSeconds;
        meanBatch =
            (double)(lanes.Sum(lane => lane.BatchSizes.Operations) - operations) / (lanes.Sum(lane => lane.BatchSizes.Batches) - batches);
        foreach (var lane in lanes)
            lane.Stop();
        foreach (var connection in connections)
            connection.Dispose();
        return rows / seconds;
    }

    private static double Bare(int count, int batch, int rows)
    {
        using var folder = new TemporaryFolder();
        var connections = Open(folder, count);
        using var start = new Barrier(count + 1);
        var threads = connections.Select((connection, i) => new Thread(() =>
        {
            var writer = new SwipedWriter(connection);
            var random = new Random(i);
            Insert(writer, random, batch, rows / count / 20);
            start.SignalAndWait();
            Insert(writer, random, batch, rows / count);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        start.SignalAndWait();
        var watch = Stopwatch.StartNew();
        threads.ForEach(thread => thread.Join());
        var seconds = watch.Elapsed.TotalSeconds;
        foreach (var connection in connections)
            connection.Dispose();
        return rows / seconds;
    }

    private static void Insert(SwipedWriter writer, Random random, int batch, int rows)
    {
        for (var done = 0; done < rows; done += batch)
        {
            writer.Begin();
            for (var i = 0; i < batch; i++)
                writer.Insert(random.NextInt64(), random.NextInt64());
            writer.Commit();
        }
    }

    private static SqliteConnection[] Open(TemporaryFolder folder, int count)
    {
        var connections = new SqliteConnection[count];
        for (var i = 0; i < count; i++)
        {
            connections[i] = SqliteConnection.OpenWriter(folder.File($"{i}.db"));
            SqliteMigrator.Shard.Migrate(connections[i]);
        }

        return connections;
    }
}
