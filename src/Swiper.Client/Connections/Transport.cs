using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Swiper.Client.Connections;

/// <summary>Makes the byte stream to the server: TCP, with TLS if configured.</summary>
internal static class Transport
{
    private static readonly SslApplicationProtocol Alpn = new("swiper/1");

    /// <param name="endpoint">With its port.</param>
    /// <param name="options">Whether to use TLS, and which certificates to accept.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <exception cref="SwiperConnectionException">The connection failed; the message says why.</exception>
    public static async Task<Stream> OpenAsync(SwiperEndpoint endpoint, SwiperClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.Host, endpoint.Port!.Value, cancellationToken).ConfigureAwait(false);
            var tcp = new NetworkStream(socket, ownsSocket: true);
            return options.UseTls ? await EncryptAsync(tcp, endpoint, options, cancellationToken).ConfigureAwait(false) : tcp;
        }
        catch (Exception exception)
        {
            socket.Dispose();
            throw exception switch
            {
                SocketException => new SwiperConnectionException($"cannot connect to {endpoint}: {exception.Message}", exception),
                AuthenticationException => new SwiperConnectionException($"no TLS with {endpoint}: {exception.Message}", exception),
                IOException and not SwiperConnectionException =>
                    new SwiperConnectionException($"{endpoint} aborted the TLS handshake: {exception.Message}", exception),
                _ => exception,
            };
        }
    }

    private static async Task<SslStream> EncryptAsync(
        Stream tcp, SwiperEndpoint endpoint, SwiperClientOptions options, CancellationToken cancellationToken)
    {
        var tls = new SslStream(tcp, leaveInnerStreamOpen: false);
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = endpoint.Host,
                ApplicationProtocols = [Alpn],
                RemoteCertificateValidationCallback = options.ValidateCertificate,
            },
            cancellationToken).ConfigureAwait(false);
        if (tls.NegotiatedApplicationProtocol != Alpn)
            throw new SwiperConnectionException($"{endpoint} speaks TLS but not swiper/1");
        return tls;
    }
}
