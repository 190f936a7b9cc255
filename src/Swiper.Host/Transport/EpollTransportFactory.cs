using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;
using Swiper.Host.Restarts;

namespace Swiper.Host.Transport;

/// <summary>
/// A transport of Kestrel for Linux: a few threads, each with an epoll set, on which connections are accepted, received from, and read.
/// Stock Kestrel hands each read from the thread that polls to others; here nothing changes threads
/// (docs/decisions/0012-epoll-transport.md).
/// </summary>
internal sealed class EpollTransportFactory : IConnectionListenerFactory, IAsyncDisposable
{
    private readonly EpollLoop[] _loops;
    private readonly SwiperOptions _options;
    private readonly ListeningSockets _listening;

    public EpollTransportFactory(
        SwiperOptions options, ListeningSockets listening, ILoggerFactory loggers, IMeterFactory meters)
    {
        _listening = listening;
        var logger = loggers.CreateLogger("Swiper.Host.Transport");
        _options = options;
        var lastDescriptor = SystemLimits.LastDescriptor(options);
        _loops = [.. Enumerable.Range(0, options.Listen.Loops)
            .Select(number => new EpollLoop(number, lastDescriptor, options.Limits.Send, logger))];
        foreach (var loop in _loops)
            loop.Start();
        meters.Create(Traffic.MeterName).CreateObservableCounter("swiper.loop.busy",
            () => _loops.Select(static (loop, number) =>
                new Measurement<double>(loop.Busy.TotalSeconds, new KeyValuePair<string, object?>("loop", $"{number}"))),
            "s", "How long each loop of the epoll transport has had something to do: its rate is the loop's busy share.");
    }

    /// <summary>The layouts of the system's structures are those of these processors.</summary>
    public static bool IsSupported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            return await EpollListener.BindAsync(
                (IPEndPoint)endpoint, _options.Listen.Backlog, _options.Limits.SendBuffer, _loops, _listening);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(exception.Message, exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops)
            await loop.DisposeAsync();
    }
}
