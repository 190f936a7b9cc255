using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.InteropServices;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// Who may connect: so many over all ports together, and so many of one address. The metrics
/// <c>swiper.connections.accepted</c>, <c>open</c> and <c>refused</c> count them.
/// </summary>
internal sealed class Admission
{
    private const string OverAll = "all";
    private const string OfAddress = "address";
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
            "Connections that were let in, by transport: tcp or tls.");
        _refused = meter.CreateCounter<long>("swiper.connections.refused", "{connection}",
            "Connections closed at once, by the reason: a limit, of all or of the address, or how they began.");
        meter.CreateObservableUpDownCounter("swiper.connections.open", () => Open, "{connection}", "Open connections over all ports.");
    }

    /// <summary>Connections that have a place.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection in; false if there is no place, which is counted and logged.</summary>
    /// <param name="remote">Where it comes from, for the log.</param>
    /// <param name="counted">The address that has a share of the connections; null for a balancer's.</param>
    public bool TryEnter(EndPoint? remote, EndPoint? counted)
    {
        string limit;
        lock (_ofAddress)
        {
            var isFull = _open >= _limit;
            if (!isFull && TryAdd(counted))
            {
                _open++;
                return true;
            }
            limit = isFull ? OverAll : OfAddress;
        }
        Refuse(limit, remote);
        return false;
    }

    /// <summary>
    /// Of a connection that was counted in as a balancer's: its client's address has one more. False as for <see cref="TryEnter"/>.
    /// </summary>
    public bool TryTakeShare(EndPoint client)
    {
        lock (_ofAddress)
        {
            if (TryAdd(client))
                return true;
        }
        Refuse(OfAddress, client);
        return false;
    }

    /// <summary>Counts one that was let in.</summary>
    public void CountAccepted(bool isTls) => _accepted.Add(1, isTls ? OverTls : Plain);

    /// <summary>Counts one that was refused, for any reason.</summary>
    public void CountRefused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <summary>Counts out one that <see cref="TryEnter"/> has counted in.</summary>
    /// <param name="counted">The address that has the share, which a balancer's connection has since <see cref="TryTakeShare"/>.</param>
    public void Leave(EndPoint? counted)
    {
        lock (_ofAddress)
        {
            _open--;
            if (NumberOf(counted) is not { } address)
                return;
            if (--CollectionsMarshal.GetValueRefOrNullRef(_ofAddress, address) == 0)
                _ofAddress.Remove(address);
        }
    }

    private void Refuse(string limit, EndPoint? remote)
    {
        CountRefused(limit);
        if (_pace.TryTake(out var count))
            ConnectionLog.NoPlace(_logger, count, limit, ClientAddress.Of(remote));
    }

    private bool TryAdd(EndPoint? counted)
    {
        if (NumberOf(counted) is not { } address)
            return true;
        if (_ofAddress.GetValueOrDefault(address) >= _share)
            return false;
        CollectionsMarshal.GetValueRefOrAddDefault(_ofAddress, address, out _)++;
        return true;
    }

    // Everybody behind a proxy on this machine has its loopback address.
    private UInt128? NumberOf(EndPoint? counted) =>
        counted is IPEndPoint { Address: var address } && (_countsLoopback || !IsLoopback(address))
            ? ClientAddress.NumberOf(address) : null;

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
