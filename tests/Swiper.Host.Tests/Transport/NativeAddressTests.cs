using System.Net;
using Swiper.Host.Transport.Native;

namespace Swiper.Host.Tests.Transport;

public sealed class NativeAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", 7400)]
    [InlineData("255.1.2.3", 65535)]
    [InlineData("::1", 1)]
    [InlineData("::ffff:10.1.2.3", 80)]
    [InlineData("2001:db8::1:2", 443)]
    public void An_address_is_read_as_the_system_writes_it(string address, int port)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the layout is that of Linux");
        var endpoint = new IPEndPoint(IPAddress.Parse(address), port);
        var native = endpoint.Serialize();
        Assert.Equal(endpoint, NativeAddress.Read(native.Buffer.Span[..native.Size]));
    }

    [Fact]
    public void The_scope_of_a_link_local_address_is_kept()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the layout is that of Linux");
        var endpoint = new IPEndPoint(new IPAddress(IPAddress.Parse("fe80::1").GetAddressBytes(), 3), 7400);
        var native = endpoint.Serialize();
        Assert.Equal(3, NativeAddress.Read(native.Buffer.Span[..native.Size])!.Address.ScopeId);
    }

    [Fact]
    public void What_is_too_short_or_of_another_family_is_no_address()
    {
        Assert.Null(NativeAddress.Read([]));
        Assert.Null(NativeAddress.Read([2, 0, 1]));
        Assert.Null(NativeAddress.Read([10, 0, 1, 1, 0, 0, 0, 0, 1, 2, 3, 4]));
        // AF_UNIX
        Assert.Null(NativeAddress.Read([1, 0, 1, 1, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
    }
}
