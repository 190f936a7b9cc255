using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests;

/// <summary>A client that can also misbehave: it sends any bytes and sees when the server closes.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly Stream _stream;

    private TestClient(Socket socket, Stream? stream = null)
    {
        _socket = socket;
        _stream = stream ?? new NetworkStream(socket, ownsSocket: false);
    }

    public Socket Socket => _socket;

    /// <param name="server">Where to.</param>
    /// <param name="wrap">What goes over it, such as TLS.</param>
    /// <param name="from">The client's own address; null for any.</param>
    /// <param name="receiveBuffer">Bytes that the system takes for the client before it reads them; null for the usual.</param>
    public static async Task<TestClient> ConnectAsync(
        IPEndPoint server, Func<Stream, Task<Stream>>? wrap = null, IPAddress? from = null, int? receiveBuffer = null)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = StartPatience();
        try
        {
            if (receiveBuffer is { } bytes)
                socket.ReceiveBufferSize = bytes;
            if (from is not null)
                socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(server, patience.Token);
            return new TestClient(socket, wrap is null ? null : await wrap(new NetworkStream(socket, ownsSocket: false)));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>TLS over a connection to a host of Development, which makes its own certificate.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="protocols">The names that are offered.</param>
    public static async Task<SslStream> HandshakeAsync(Stream stream, params string[] protocols)
    {
        using var patience = StartPatience();
        var tls = new SslStream(stream);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [.. protocols.Select(protocol => new SslApplicationProtocol(protocol))],
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=Swiper development",
        };
        await tls.AuthenticateAsClientAsync(options, patience.Token);
        return tls;
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var patience = StartPatience();
        await _stream.WriteAsync(bytes, patience.Token);
    }

    /// <summary>Sends to a server that may have closed the connection before.</summary>
    public async Task TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException exception) when (exception.InnerException is SocketException)
        {
            // Closed.
        }
    }

    public ValueTask RequestAsync(uint id, Opcode opcode, WriteValues? args = null) =>
        SendAsync(Wire.Frame(Wire.Request(id, opcode, args)));

    /// <summary>The next frame, or null where the server has closed.</summary>
    public async Task<ServerFrame?> ReadAsync()
    {
        using var patience = StartPatience();
        var prefix = new byte[FrameReader.LengthPrefix];
        try
        {
            var read = await _stream.ReadAtLeastAsync(prefix, prefix.Length, throwOnEndOfStream: false, patience.Token);
            if (read == 0)
                return null;
            Assert.Equal(prefix.Length, read);
            var content = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix)];
            await _stream.ReadExactlyAsync(content, patience.Token);
            return ServerFrame.Read(content);
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return null;
        }
    }

    /// <summary>The next frame of a server that is still there.</summary>
    public async Task<ServerFrame> NextAsync() => await ReadAsync() ?? throw new InvalidOperationException("the server has closed");

    public async Task<ServerFrame> CallAsync(uint id, Opcode opcode, WriteValues? args = null)
    {
        await RequestAsync(id, opcode, args);
        return await NextAsync();
    }

    /// <summary>All frames until the server closes.</summary>
    public async Task<List<ServerFrame>> ReadToEndAsync()
    {
        var frames = new List<ServerFrame>();
        while (await ReadAsync() is { } frame)
            frames.Add(frame);
        return frames;
    }

    /// <summary>No more will be sent; replies are still read.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Goes without a word, as a phone that lost its network.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static CancellationTokenSource StartPatience()
    {
        var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience.Limit);
        return patience;
    }
}
