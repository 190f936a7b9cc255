using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// Who may connect: so many over all ports together, and so many of one address, before TLS has cost anything. The metrics
/// <c>swiper.connections.accepted</c>, <c>open</c> and <c>refused</c> count them.
/// </summary>
internal sealed class Admission
{
    private static readonly KeyValuePair<string, object?> OverAll = new("limit", "all");
    private static readonly KeyValuePair<string, object?> OfAddress = new("limit", "address");
    private static readonly KeyValuePair<string, object?> Plain = new("transport", "tcp");
    private static readonly KeyValuePair<string, object?> OverTls = new("transport", "tls");

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly LogPace _pace = new();
    private readonly ILogger _logger;
    private readonly long _limit;
    private readonly int _share;
    private readonly bool _countsLoopback;

    // Also serves as the lock.
    private readonly Dictionary<UInt128, int> _ofAddress = [];
    private int _open;

    public Admission(SwiperOptions options, IMeterFactory meters, ILogger<Admission> logger)
    {
        _logger = logger;
        _share = options.Limits.ConnectionsPerAddress;
        _countsLoopback = options.Limits.CountLoopback;
        // The epoll transport lets those wait for whom there are no descriptors; the stock one would fail the process.
        _limit = options.Listen.Transport == TransportKind.Epoll
            ? options.Limits.Connections : Math.Min(options.Limits.Connections, SystemLimits.Connections(options));
        var meter = meters.Create(Traffic.MeterName);
        _accepted = meter.CreateCounter<long>("swiper.connections.accepted", "{connection}",
            "Connections that the limits let in, by transport: tcp or tls.");
        _refused = meter.CreateCounter<long>("swiper.connections.refused", "{connection}",
            "Connections closed at once, by the limit: of all, or of the address.");
        meter.CreateObservableUpDownCounter("swiper.connections.open", () => Volatile.Read(ref _open), "{connection}",
            "Open connections over all ports.");
    }

    /// <summary>The first step of the pipeline of a port, with TLS or without.</summary>
    public ConnectionDelegate Guard(ConnectionDelegate next, bool isTls) => async connection =>
    {
        var remote = connection.RemoteEndPoint;
        if (!TryEnter(remote))
        {
            await connection.Transport.Input.CompleteAsync();
            await connection.Transport.Output.CompleteAsync();
            return;
        }
        _accepted.Add(1, isTls ? OverTls : Plain);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(remote);
        }
    };

    /// <summary>Counts a connection in; false if there is no place, which is counted and logged.</summary>
    public bool TryEnter(EndPoint? remote)
    {
        KeyValuePair<string, object?> limit;
        lock (_ofAddress)
        {
            var isFull = _open >= _limit;
            if (!isFull && TryTakeShare(remote))
            {
                _open++;
                return true;
            }
            limit = isFull ? OverAll : OfAddress;
        }
        _refused.Add(1, limit);
        if (_pace.TryTake(out var count))
            ConnectionLog.NoPlace(_logger, count, (string)limit.Value!, ClientAddress.Of(remote));
        return false;
    }

    /// <summary>Counts out one that <see cref="TryEnter"/> has counted in.</summary>
    public void Leave(EndPoint? remote)
    {
        lock (_ofAddress)
        {
            _open--;
            if (Counted(remote) is not { } address)
                return;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_ofAddress, address) == 0)
                _ofAddress.Remove(address);
        }
    }

    private bool TryTakeShare(EndPoint? remote)
    {
        if (Counted(remote) is not { } address)
            return true;
        if (_ofAddress.GetValueOrDefault(address) >= _share)
            return false;
        CollectionsMarshal.GetValueRefOrAddDefault(_ofAddress, address, out _)++;
        return true;
    }

    // Everybody behind a proxy on this machine has its loopback address.
    private UInt128? Counted(EndPoint? remote) =>
        remote is IPEndPoint { Address: var address } && (_countsLoopback || !IsLoopback(address))
            ? ClientAddress.NumberOf(address) : null;

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
