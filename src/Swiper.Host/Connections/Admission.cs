using System.Diagnostics.Metrics;
using System.Net;
using System.Runtime.InteropServices;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// Who may connect: so many over all ports together, so many of one address, and so many of one address in a minute. The metrics
/// <c>swiper.connections.accepted</c>, <c>open</c> and <c>refused</c> count them.
/// </summary>
internal sealed class Admission
{
    private const string OverAll = "all";
    private const string OfAddress = "address";
    private const string RateOfAddress = "rate";

    // How many addresses have a rate before those that have begun nothing of late are looked for.
    private const int LeastSwept = 1024;

    private static readonly KeyValuePair<string, object?> Plain = new("transport", "tcp");
    private static readonly KeyValuePair<string, object?> OverTls = new("transport", "tls");

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly LogPace _pace = new();
    private readonly ILogger _logger;
    private readonly long _limit;
    private readonly int _share;
    private readonly bool _countsLoopback;
    private readonly TimeProvider _clock;
    private readonly long _minute;
    private readonly long _each;

    // Also serves as the lock.
    private readonly Dictionary<UInt128, int> _ofAddress = [];

    // When each address may again begin what a minute allows (https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
    private readonly Dictionary<UInt128, long> _fullAt = [];
    private int _sweepAt = LeastSwept;
    private int _open;

    public Admission(SwiperOptions options, IMeterFactory meters, TimeProvider clock, ILogger<Admission> logger)
    {
        _logger = logger;
        _clock = clock;
        _minute = 60 * clock.TimestampFrequency;
        _each = Math.Max(1, _minute / options.Limits.NewConnectionsPerAddress);
        _share = options.Limits.ConnectionsPerAddress;
        _countsLoopback = options.Limits.CountLoopback;
        // The epoll transport lets those wait for whom there are no descriptors; the stock one would fail the process.
        _limit = options.Listen.Transport == TransportKind.Epoll
            ? options.Limits.Connections : Math.Min(options.Limits.Connections, SystemLimits.Connections(options));
        var meter = meters.Create(Traffic.MeterName);
        _accepted = meter.CreateCounter<long>("swiper.connections.accepted", "{connection}",
            "Connections that were let in, by transport: tcp or tls.");
        _refused = meter.CreateCounter<long>("swiper.connections.refused", "{connection}",
            "Connections closed at once, by the reason: a limit, of all, of the address or of its rate, or how they began.");
        meter.CreateObservableUpDownCounter("swiper.connections.open", () => Open, "{connection}", "Open connections over all ports.");
    }

    /// <summary>Connections that have a place.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Counts a connection in; false if there is no place, which is counted and logged.</summary>
    /// <param name="remote">Where it comes from, for the log.</param>
    /// <param name="counted">The address that has a share of the connections; null for a balancer's.</param>
    public bool TryEnter(EndPoint? remote, EndPoint? counted)
    {
        string? limit;
        lock (_ofAddress)
        {
            limit = _open >= _limit ? OverAll : Add(counted);
            if (limit is null)
                _open++;
        }
        if (limit is not null)
            Refuse(limit, remote);
        return limit is null;
    }

    /// <summary>
    /// Of a connection that was counted in as a balancer's: its client's address has one more. False as for <see cref="TryEnter"/>.
    /// </summary>
    public bool TryTakeShare(EndPoint client)
    {
        string? limit;
        lock (_ofAddress)
            limit = Add(client);
        if (limit is not null)
            Refuse(limit, client);
        return limit is null;
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

    // The limit that is reached; null if none is, and the address has one more.
    private string? Add(EndPoint? counted)
    {
        if (NumberOf(counted) is not { } address)
            return null;
        if (_ofAddress.GetValueOrDefault(address) >= _share)
            return OfAddress;
        var now = _clock.GetTimestamp();
        ref var fullAt = ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, address, out _);
        var after = Math.Max(fullAt, now) + _each;
        if (after - now > _minute)
            return RateOfAddress;
        fullAt = after;
        CollectionsMarshal.GetValueRefOrAddDefault(_ofAddress, address, out _)++;
        if (_fullAt.Count >= _sweepAt)
            Sweep(now);
        return null;
    }

    private void Sweep(long now)
    {
        foreach (var (address, fullAt) in _fullAt)
        {
            if (fullAt <= now)
                _fullAt.Remove(address);
        }
        _sweepAt = Math.Max(LeastSwept, 2 * _fullAt.Count);
    }

    // Everybody behind a proxy on this machine has its loopback address.
    private UInt128? NumberOf(EndPoint? counted) =>
        counted is IPEndPoint { Address: var address } && (_countsLoopback || !IsLoopback(address))
            ? ClientAddress.NumberOf(address) : null;

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
