using Swiper.Client.Connections;

namespace Swiper.Client.Tests.Connections;

public class BackoffTests
{
    [Fact]
    public void Waits_double_up_to_the_limit_and_half_of_each_is_random()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
        foreach (var whole in new[] { 250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000 })
            Assert.InRange(backoff.Next().TotalMilliseconds, whole / 2, whole);

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalMilliseconds, 125, 250);
    }

    [Fact]
    public void Waits_stay_finite_however_long_the_server_is_away()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
        Assert.All(Enumerable.Range(0, 5000), _ => Assert.InRange(backoff.Next().TotalSeconds, 0, 30));
    }
}
