using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Swiper.Host.Connections;
using OptionsFactory = Microsoft.Extensions.Options.Options;

namespace Swiper.Host.Web;

/// <summary>
/// The Unix socket through which those who run the host operate it, by HTTP. Only the host's own account can connect to it, and it is none
/// of the public ports, which speak frames.
/// </summary>
internal static class OperationsSocket
{
    private const int MostBytesOfABody = 64 * 1024;

    public static void AddOperationsSocket(this WebApplicationBuilder builder, string path)
    {
        builder.Services.AddSingleton<IConnectionListenerFactory, OperationsListeners>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MostBytesOfABody;
            kestrel.ListenUnixSocket(path, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.Use(next => connection =>
                {
                    connection.Features.Set(OpsConnection.Socket);
                    return next(connection);
                });
            });
        });
    }
}

/// <summary>Marks the connections of those who run the host.</summary>
internal sealed class OpsConnection
{
    /// <summary>Of the operations socket, which serves everything.</summary>
    public static readonly OpsConnection Socket = new();

    /// <summary>Of the ops port, which serves what is only read.</summary>
    public static readonly OpsConnection Port = new();
}

/// <summary>Binds the operations socket, and leaves every other address to the other transports.</summary>
internal sealed class OperationsListeners(ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(
        OptionsFactory.Create(new SocketTransportOptions { CreateBoundListenSocket = Bind }), loggers);

    public bool CanBind(EndPoint endpoint) => endpoint is UnixDomainSocketEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _sockets.BindAsync(endpoint, cancellationToken);

    // The file goes when the socket is closed. Nobody can connect before it listens, which is after its mode was set.
    private static Socket Bind(EndPoint endpoint)
    {
        var path = endpoint.ToString()!;
        RemoveStale(path, endpoint);
        var socket = NewSocket();
        try
        {
            // Missing only if it is the data folder, of which nothing else has needed anything.
            PrivateFolder.Create(Path.GetDirectoryName(path)!);
            socket.Bind(endpoint);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return socket;
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new ListenException($"can't listen on {path} (Ops:Socket): {exception.Message}", exception);
        }
    }

    // A host that was killed leaves its socket behind.
    private static void RemoveStale(string path, EndPoint endpoint)
    {
        if (!Path.Exists(path))
            return;
        using var probe = NewSocket();
        // A host that hangs accepts nobody: don't wait for it.
        probe.Blocking = false;
        try
        {
            probe.Connect(endpoint);
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused && !IsFileOrFolder(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException exception)
        {
            throw new ListenException(IsFileOrFolder(path)
                ? $"{path} (Ops:Socket) exists, and is not a socket"
                : $"{path} (Ops:Socket) is another program's: {exception.Message}", exception);
        }
        throw new ListenException($"{path} (Ops:Socket) is in use by another host; choose another path, or {Options.OpsOptions.None}");
    }

    // A socket can't be opened.
    private static bool IsFileOrFolder(string path)
    {
        try
        {
            using var opened = File.OpenHandle(path);
            return true;
        }
        catch (IOException)
        {
            return Directory.Exists(path);
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
