using System.Net;
using System.Net.Sockets;
using Swiper.Core.Protocol;
using Swiper.Local.Processes;

namespace Swiper.Client.Tests;

/// <summary>A server on a real socket whose every byte the test decides.</summary>
internal sealed class FakeServer : IDisposable
{
    // On no port that the system gives: when the server has gone, its clients go on connecting, and none may come upon another's.
    private readonly TcpListener _listener = Listen();

    public SwiperEndpoint Endpoint => new("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);

    /// <summary>Options that reach this server, with times that fit a test.</summary>
    public SwiperClientOptions Options => new()
    {
        Host = Endpoint.Host,
        Port = Endpoint.Port,
        UseTls = false,
        RequestTimeout = Patience.Limit,
        ConnectTimeout = Patience.Limit,
        ReconnectDelay = TimeSpan.FromMilliseconds(10),
        MaxReconnectDelay = TimeSpan.FromMilliseconds(50),
    };

    /// <summary>The next connection, with nothing read of it yet.</summary>
    public async Task<FakeConnection> AcceptRawAsync() => new(await _listener.AcceptTcpClientAsync().Soon());

    /// <summary>The next connection, its hello answered.</summary>
    public async Task<FakeConnection> AcceptAsync(int maxFrame = 65536, int maxInFlight = 256)
    {
        var connection = await AcceptRawAsync();
        var hello = await connection.ReadAsync(Opcode.Hello);
        await connection.ReplyAsync(hello.Id, 1, "fake/1", 0, 1_700_000_000_000, maxFrame, maxInFlight);
        return connection;
    }

    /// <summary>A client of this server and the connection it has made.</summary>
    public async Task<(SwiperClient Client, FakeConnection Connection)> ConnectAsync(
        Func<SwiperClientOptions, SwiperClientOptions>? change = null, int maxFrame = 65536, int maxInFlight = 256)
    {
        var accepting = AcceptAsync(maxFrame, maxInFlight);
        var client = await SwiperClient.ConnectAsync(change?.Invoke(Options) ?? Options).Soon();
        return (client, await accepting);
    }

    public void Dispose() => _listener.Dispose();

    private static TcpListener Listen()
    {
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, FreePorts.Find());
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another has taken it since.
                listener.Dispose();
            }
        }
    }
}
