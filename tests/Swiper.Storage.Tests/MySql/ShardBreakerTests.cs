using Swiper.Storage.MySql;

namespace Swiper.Storage.Tests.MySql;

public sealed class ShardBreakerTests
{
    [Fact]
    public void It_probes_until_the_server_answers_whatever_a_probe_throws_meanwhile()
    {
        Exception[] failures =
        [
            new IOException("of the test"), new OperationCanceledException("of the test"), new InvalidOperationException("of the test"),
        ];
        var probes = 0;
        using var breaker = new ShardBreaker(
            (_, _) => Interlocked.Increment(ref probes) is var probe && probe <= failures.Length
                ? ValueTask.FromException(failures[probe - 1])
                : ValueTask.CompletedTask,
            changed: null);
        breaker.Open(new IOException("of the test"));
        Eventually.Holds(() => breaker.Failure is null, "a closed breaker");
        Assert.Equal(failures.Length + 1, probes);
    }

    [Fact]
    public void It_ends_while_no_probe_succeeds()
    {
        var probes = 0;
        var breaker = new ShardBreaker(
            (_, _) =>
            {
                Interlocked.Increment(ref probes);
                return ValueTask.FromException(new IOException("of the test"));
            },
            changed: null);
        breaker.Open(new IOException("of the test"));
        Eventually.Holds(() => Volatile.Read(ref probes) > 0, "a probe");
        breaker.Dispose();
        Assert.NotNull(breaker.Failure);
    }
}
