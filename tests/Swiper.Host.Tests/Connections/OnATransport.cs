using Microsoft.Extensions.DependencyInjection;
using Swiper.Host.Options;
using Swiper.Host.Transport;

namespace Swiper.Host.Tests.Connections;

/// <summary>Tests of connections that hold whichever transport the host runs on; one class each runs them.</summary>
public abstract class OnATransport(TransportKind transport)
{
    private protected Task<TestHost> StartHostAsync(params string[] settings) => StartHostAsync(static _ => { }, settings);

    private protected Task<TestHost> StartHostAsync(Action<IServiceCollection> replace, params string[] settings)
    {
        Assert.SkipUnless(transport == TransportKind.Sockets || EpollTransportFactory.IsSupported, "epoll needs Linux");
        return TestHost.StartAsync(replace, [$"Listen:Transport={transport}", .. settings]);
    }
}
