namespace Swiper.Compare.Peers;

/// <summary>Writers that work at the same time, each on a thread of its own.</summary>
internal static class BatchWriters
{
    /// <summary>
    /// Answers how many rows all have written. Where one fails, its exception is thrown here: on its own thread it would end the
    /// process.
    /// </summary>
    /// <param name="insert">Returns the rows of one.</param>
    public static long Run<TWriter>(IEnumerable<TWriter> writers, Func<TWriter, long> insert) =>
        Task.WhenAll(writers.Select(writer => Task.Factory.StartNew(
            () => insert(writer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))).GetAwaiter()
                .GetResult().Sum();
}
