namespace Swiper.Client.Tests;

public class SwiperClientOptionsTests
{
    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var options = new SwiperClientOptions
        {
            Host = " ",
            Port = 70000,
            Endpoints = [new SwiperEndpoint("swiper.example"), new SwiperEndpoint("", 7443)],
            ClientName = null!,
            RequestTimeout = TimeSpan.Zero,
            KeepConnectingFor = TimeSpan.FromSeconds(-1),
            PushBuffer = 0,
            MaxInFlight = 0,
            MaxFrame = 1,
        };

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => SwiperClient.ConnectAsync(options));

        Assert.All(
            new[]
            {
                "Host", "Port", "Endpoints", "ClientName", "RequestTimeout", "KeepConnectingFor", "PushBuffer", "MaxInFlight", "MaxFrame",
            },
            option => Assert.Contains(option, wrong.Message));
    }

    [Fact]
    public void Endpoints_that_are_not_there_or_have_an_impossible_port_are_refused()
    {
        foreach (var endpoints in new IReadOnlyList<SwiperEndpoint>[] { null!, [null!], [new("swiper.example", 0)] })
        {
            var refused = Assert.Throws<ArgumentException>(() => { SwiperClient.Start(new() { Endpoints = endpoints }); });
            Assert.Contains("Endpoints", refused.Message);
        }
    }

    [Fact]
    public void Endpoints_stand_instead_of_host_and_port()
    {
        var options = new SwiperClientOptions { Host = "unused", Port = 1, Endpoints = [new("a.example"), new("b.example", 9000)] };
        Assert.Equal([new("a.example", 7443), new("b.example", 9000)], options.EffectiveEndpoints);
    }

    [Theory]
    [InlineData(true, 7443)]
    [InlineData(false, 7400)]
    public void The_port_follows_from_whether_there_is_tls(bool tls, int port) =>
        Assert.Equal(new SwiperEndpoint("localhost", port), Assert.Single(new SwiperClientOptions { UseTls = tls }.EffectiveEndpoints));

    [Fact]
    public void Tls_is_on_unless_switched_off() => Assert.True(new SwiperClientOptions().UseTls);
}
