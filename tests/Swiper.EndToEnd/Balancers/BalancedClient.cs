using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;

namespace Swiper.EndToEnd.Balancers;

/// <summary>A client over TLS, from an address of the loopback network that the test chooses.</summary>
internal sealed class BalancedClient : IAsyncDisposable
{
    private readonly FrameConnection _connection;

    private BalancedClient(EndPoint address, Stream stream)
    {
        (Address, _connection) = (address, new FrameConnection(stream));
    }

    public EndPoint Address { get; }

    /// <summary>Connects, and has a request answered.</summary>
    /// <exception cref="IOException">A host or the balancer has closed the connection.</exception>
    public static async Task<BalancedClient> ConnectAsync(int port, string from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
        await socket.ConnectAsync(IPAddress.Loopback, port).WaitAsync(Patience.Limit);
        var address = socket.LocalEndPoint!;
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                RemoteCertificateValidationCallback = static (_, presented, _, _) => presented?.Subject == "CN=Swiper development",
            }).WaitAsync(Patience.Limit);
            await tls.WriteAsync(RawConnection.Request(1, Opcode.Ping)).AsTask().WaitAsync(Patience.Limit);
            var client = new BalancedClient(address, tls);
            Assert.Equal(StatusCode.Ok, (await client._connection.NextAsync()).Status);
            return client;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
