using System.Diagnostics;
using Swiper.Host.Options;
using Swiper.Host.Transport;

namespace Swiper.Host.Tests.Connections;

/// <summary>Tests of connections that hold whichever transport the host runs on; one class each runs them.</summary>
public abstract class OnATransport(TransportKind transport)
{
    private protected Task<TestHost> StartHostAsync(params string[] settings)
    {
        Assert.SkipUnless(transport == TransportKind.Sockets || EpollTransportFactory.IsSupported, "epoll needs Linux");
        return TestHost.StartAsync([$"Listen:Transport={transport}", .. settings]);
    }

    /// <summary>Looks again and again: nothing tells a client when the server has learnt of something.</summary>
    private protected static async Task UntilAsync(Func<Task<bool>> look)
    {
        var watch = Stopwatch.StartNew();
        while (!await look())
            Assert.True(watch.Elapsed < TestClient.Patience, "what was waited for never came");
    }
}
