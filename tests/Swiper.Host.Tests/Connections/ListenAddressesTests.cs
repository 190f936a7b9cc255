using System.Net;
using Microsoft.AspNetCore.Connections;
using Swiper.Core.Protocol;
using Swiper.Host.Connections;
using Swiper.Host.Options;
using Swiper.Host.Transport;
using Swiper.Local.Processes;

namespace Swiper.Host.Tests.Connections;

public sealed class ListenAddressesTests
{
    [Theory]
    [InlineData(true, true, 7400, "127.0.0.1 ::1")]
    [InlineData(true, true, 0, "127.0.0.1")]
    [InlineData(true, false, 7400, "127.0.0.1")]
    [InlineData(false, true, 7400, "::")]
    [InlineData(false, false, 7400, "0.0.0.0")]
    public void By_default_there_is_IPv6_beside_IPv4_where_the_machine_has_it(
        bool isDevelopment, bool hasIpv6, int port, string addresses)
    {
        var listen = new ListenAddresses(new ListenOptions(), isDevelopment, hasIpv6);
        Assert.Equal(addresses, string.Join(' ', listen.For(port)));
        Assert.Equal(!hasIpv6, listen.LacksIpv6);
    }

    [Fact]
    public void An_address_that_was_chosen_is_the_only_one()
    {
        var listen = new ListenAddresses(new ListenOptions { Address = "192.0.2.1" }, isDevelopment: false, hasIpv6: false);
        Assert.Equal([IPAddress.Parse("192.0.2.1")], listen.For(7400));
        Assert.False(listen.LacksIpv6);
    }

    [Theory]
    [InlineData(TransportKind.Epoll)]
    [InlineData(TransportKind.Sockets)]
    public async Task A_host_in_Development_answers_on_both_loopback_addresses(TransportKind transport)
    {
        Assert.SkipUnless(transport == TransportKind.Sockets || EpollTransportFactory.IsSupported, "epoll needs Linux");
        Assert.SkipWhen(ListenAddresses.Of(new ListenOptions(), isDevelopment: true).LacksIpv6, "this machine has no IPv6");
        var (host, port) = await StartOnFreePortAsync(transport);
        await using var _ = host;
        foreach (var address in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
        {
            await using var client = await TestClient.ConnectAsync(new IPEndPoint(address, port));
            Assert.Equal(StatusCode.Ok, (await client.CallAsync(1, Opcode.Ping)).Status);
        }
    }

    private static async Task<(TestHost Host, int Port)> StartOnFreePortAsync(TransportKind transport)
    {
        while (true)
        {
            var port = FreePorts.Find();
            try
            {
                return (await TestHost.StartAsync($"Listen:Transport={transport}", $"Listen:Port={port}"), port);
            }
            catch (ListenException exception) when (exception.InnerException is AddressInUseException)
            {
                // Somebody has taken it since, or has it on the other address.
            }
        }
    }
}
