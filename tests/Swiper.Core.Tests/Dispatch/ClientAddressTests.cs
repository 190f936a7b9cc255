using System.Net;
using System.Net.Sockets;
using Swiper.Core.Dispatch;

namespace Swiper.Core.Tests.Dispatch;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("::1", "::/64")]
    public void A_subscriber_is_an_IPv4_address_or_an_IPv6_network(string address, string expected) =>
        Assert.Equal(expected, ClientAddress.Of(new IPEndPoint(IPAddress.Parse(address), 5)));

    [Fact]
    public void What_has_no_address_is_local()
    {
        Assert.Equal("local", ClientAddress.Of(null));
        Assert.Equal("local", ClientAddress.Of(new UnixDomainSocketEndPoint("/tmp/x")));
    }
}
