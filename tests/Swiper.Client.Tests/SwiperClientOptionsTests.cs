namespace Swiper.Client.Tests;

public class SwiperClientOptionsTests
{
    [Fact]
    public async Task All_that_is_wrong_is_said_at_once()
    {
        var options = new SwiperClientOptions { Host = " ", Port = 70000, RequestTimeout = TimeSpan.Zero, PushBuffer = 0, MaxInFlight = 0, MaxFrame = 1 };

        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => SwiperClient.ConnectAsync(options));

        Assert.All(
            new[] { "Host", "Port", "RequestTimeout", "PushBuffer", "MaxInFlight", "MaxFrame" },
            option => Assert.Contains(option, wrong.Message));
    }

    [Theory]
    [InlineData(true, 7443)]
    [InlineData(false, 7400)]
    public void The_port_follows_from_whether_there_is_tls(bool tls, int port) =>
        Assert.Equal(port, new SwiperClientOptions { UseTls = tls }.EffectivePort);

    [Fact]
    public void Tls_is_on_unless_switched_off() => Assert.True(new SwiperClientOptions().UseTls);
}
