using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Swiper.Host.Options;
using Swiper.Host.Web;

namespace Swiper.Host.Connections;

/// <summary>
/// Binds by another transport, and says which of the ports can't be had and why: Kestrel calls them all http, and of most failures
/// tells no address at all. They can be closed before all others: <see cref="Drain"/>.
/// </summary>
internal sealed class NamedListeners(IConnectionListenerFactory transport, SwiperOptions options)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IAsyncDisposable
{
    private readonly ConcurrentBag<IConnectionListener> _bound = [];

    /// <summary>The public ports.</summary>
    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint and not OpsEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var listener = await transport.BindAsync(endpoint, cancellationToken);
            _bound.Add(listener);
            return listener;
        }
        catch (Exception exception) when (Reason(exception, (IPEndPoint)endpoint) is { } reason)
        {
            throw new ListenException(reason, exception);
        }
    }

    /// <summary>Takes no more connections, of any of the public ports.</summary>
    public Task UnbindAllAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_bound.Select(listener => listener.UnbindAsync(cancellationToken).AsTask()));

    public ValueTask DisposeAsync() => transport is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;

    private string? Reason(Exception exception, IPEndPoint endpoint)
    {
        var isTls = options.Tls.Enabled && endpoint.Port == options.Tls.Port && endpoint.Port != options.Listen.Port;
        var (listener, option) = isTls ? ("TLS", "--tls-port") : ("TCP", "--port");
        return ListenException.Reason(exception, endpoint, listener, option, "Listen:Address");
    }
}

/// <summary>A port or socket can't be had; the message says which and why, for the operator.</summary>
internal sealed class ListenException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why a port can't be had, as one line; null if it is nothing that an operator could change.</summary>
    /// <param name="exception">What binding it threw.</param>
    /// <param name="endpoint">The address and port.</param>
    /// <param name="listener">What listens there.</param>
    /// <param name="port">The option that has the port.</param>
    /// <param name="address">The option that has the address.</param>
    public static string? Reason(
        Exception exception, IPEndPoint endpoint, string listener, string port, string address) => exception switch
        {
            AddressInUseException => $"{endpoint} ({listener}) is in use by another program; choose another port with {port}",
            SocketException { SocketErrorCode: SocketError.AccessDenied } =>
                $"no permission to listen on {endpoint} ({listener}): ports below 1024 require privileges",
            SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
                $"can't listen on {endpoint} ({listener}): {address} is not an address of this machine",
            _ => null,
        };
}
