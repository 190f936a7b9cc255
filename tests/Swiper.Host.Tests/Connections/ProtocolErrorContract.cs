using System.Buffers.Binary;
using System.Net.Security;
using System.Text;
using Swiper.Core.Protocol;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

public sealed class EpollProtocolErrorTests() : ProtocolErrorContract(TransportKind.Epoll);

public sealed class SocketsProtocolErrorTests() : ProtocolErrorContract(TransportKind.Sockets);

/// <summary>What is no frame is told so in one, and then the connection closes.</summary>
public abstract class ProtocolErrorContract(TransportKind transport) : OnATransport(transport)
{
    [Theory]
    [InlineData(0u, "its length is 0")]
    [InlineData(64 * 1024 + 1u, "its length is 65537 bytes, and the maximum is 65536")]
    [InlineData(uint.MaxValue, "its length is 4294967295 bytes, and the maximum is 65536")]
    public async Task A_bad_length_is_1006_and_a_close(uint length, string rule)
    {
        var prefix = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(prefix, length);
        await AssertRefused(prefix, rule);
    }

    [Fact]
    public Task An_HTTP_request_is_1006_and_a_close() =>
        AssertRefused(
            Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"),
            "its length is 1195725856 bytes, and the maximum is 65536");

    [Theory]
    [InlineData("c1", "it is not one complete MessagePack array")]
    [InlineData("93-00-01-02", "its array does not have the 4 elements [0, id, op, args]")]
    [InlineData("94-01-01-00-c0", "the first element of its array is not 0, as it must be for a request")]
    [InlineData("94-00-ff-02-90", "its id is not an integer from 0 to 4294967295")]
    [InlineData("94-00-01-a0-90", "its op is not an integer, or is negative")]
    [InlineData("94-00-01-02-80", "its args are not an array")]
    [InlineData("94-00-01-02-91", "its args are not complete MessagePack values, or are nested too deeply")]
    [InlineData("94-00-01-02-90-00", "there are bytes after its array")]
    public Task A_frame_of_another_shape_is_1006_and_a_close(string hex, string rule) =>
        AssertRefused(Wire.Frame(Convert.FromHexString(hex.Replace("-", ""))), rule);

    [Fact]
    public async Task A_TLS_handshake_on_the_TCP_port_is_refused_with_a_close()
    {
        await using var host = await StartHostAsync();
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var client = await TestClient.ConnectAsync(host.Tcp, async stream =>
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync("localhost");
                return tls;
            });
        });

        // What a ClientHello begins with, and the whole reply to it.
        await AssertRefused(
            [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03],
            "its length is 369295618 bytes, and the maximum is 65536");
    }

    [Fact]
    public async Task Requests_before_the_bad_frame_are_answered_first()
    {
        await using var host = await StartHostAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(
            (byte[])[.. Wire.Frame(Wire.Request(1, Opcode.Ping)), .. Wire.Frame(Wire.Request(2, Opcode.Ping)), 0, 0, 0, 0]);
        Assert.Equal(
            [(1u, StatusCode.Ok), (2u, StatusCode.Ok), (0u, StatusCode.ProtocolError)],
            (await client.ReadToEndAsync()).Select(reply => (reply.Id, reply.Status)));
    }

    [Fact]
    public async Task The_largest_frame_is_answered()
    {
        await using var host = await StartHostAsync("Limits:MaxFrame=1000");
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await EchoOf(1000)).Status);
        Assert.Equal(StatusCode.ProtocolError, (await EchoOf(1001)).Status);

        Task<ServerFrame> EchoOf(int frame) => client.CallAsync(1, Opcode.Echo, (ref args) =>
        {
            args.WriteArrayHeader(1);
            args.WriteBinary(new byte[frame - 8]);
        });
    }

    private async Task AssertRefused(byte[] bytes, string rule)
    {
        await using var host = await StartHostAsync();
        await using var client = await host.ConnectAsync();
        await client.SendAsync(bytes);
        var reply = Assert.Single(await client.ReadToEndAsync());
        Assert.Equal((0u, StatusCode.ProtocolError, $"not a frame: {rule}"), (reply.Id, reply.Status, reply.Message));
    }
}
