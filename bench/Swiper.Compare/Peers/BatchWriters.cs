namespace Swiper.Compare.Peers;

/// <summary>Runs writers concurrently, each on its own thread.</summary>
internal static class BatchWriters
{
    /// <summary>
    /// Returns the total rows written. A writer's exception is rethrown here, because on its own thread it would end the process.
    /// </summary>
    /// <param name="insert">Runs a writer and returns its rows.</param>
    public static long Run<TWriter>(IEnumerable<TWriter> writers, Func<TWriter, long> insert) =>
        Task.WhenAll(writers.Select(writer => Task.Factory.StartNew(
            () => insert(writer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).GetAwaiter()
                .GetResult().Sum();
}
