using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Swiper.Client.Tests;

public class SwiperClientServiceCollectionExtensionsTests(RealHost host) : IClassFixture<RealHost>
{
    [Fact]
    public async Task The_container_hands_out_one_client_that_connects_logs_and_is_closed_with_it()
    {
        using var lines = new LogLines();
        ISwiperClient client;
        await using (var provider = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(lines)
            .AddSwiperClient(host.Tcp)
            .AddSingleton<Matchmaker>()
            .BuildServiceProvider())
        {
            client = provider.GetRequiredService<Matchmaker>().Client;
            Assert.Same(client, provider.GetRequiredService<ISwiperClient>());
            Assert.True((await client.PingAsync().Soon()).Now > 0);
            Assert.Contains($"127.0.0.1:{host.Port}", await lines.NextAsync(9000));
        }

        Assert.Equal(ConnectionState.Closed, client.State);
    }

    [Fact]
    public async Task The_options_may_come_from_other_services()
    {
        await using var provider = new ServiceCollection()
            .AddSingleton(new SwiperEndpoint("127.0.0.1", host.Port))
            .AddSwiperClient(services => host.Tcp with { Host = "unused", Endpoints = [services.GetRequiredService<SwiperEndpoint>()] })
            .BuildServiceProvider();

        Assert.True((await provider.GetRequiredService<ISwiperClient>().PingAsync().Soon()).Now > 0);
    }

    [Fact]
    public void Wrong_options_are_refused_where_they_are_given()
    {
        var refused = Assert.Throws<ArgumentException>(() => new ServiceCollection().AddSwiperClient(host.Tcp with { Port = 0 }));

        Assert.Contains("Port", refused.Message);
    }

    private sealed record Matchmaker(ISwiperClient Client);
}
