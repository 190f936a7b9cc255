using System.Diagnostics.Metrics;
using Swiper.Core.Diagnostics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;

namespace Swiper.Host.Connections;

/// <summary>
/// Bounds what all connections hold together: parts of frames, requests in flight, what clients do not read. Each has bounds of its own,
/// but a hundred thousand at theirs would be more than any machine has. The metric <c>swiper.connections.buffered</c> shows the sum.
/// A part of <see cref="ConnectionWatch"/>, which adds up all connections at each look: counting each byte as it comes and goes would cost
/// every request.
/// </summary>
internal sealed class BufferBudget
{
    private readonly List<(FrameLoop Loop, long Bytes)> _holding = [];
    private readonly LogPace _pace = new();
    private readonly ILogger _logger;
    private readonly long _limit;
    private long _sum;
    private long _last;
    private int _cut;

    public BufferBudget(SwiperOptions options, IMeterFactory meters, ILogger<BufferBudget> logger)
    {
        (_limit, _logger) = (options.Limits.Buffered, logger);
        meters.Create(Traffic.MeterName).CreateObservableGauge("swiper.connections.buffered", () => Volatile.Read(ref _last), "By",
            "Bytes that connections hold: received in part, in flight, and not read by clients.");
    }

    /// <summary>True when the next look should come soon.</summary>
    public bool IsTight => _last > _limit / 2;

    /// <summary>Counts a connection.</summary>
    public void Add(FrameLoop loop)
    {
        var bytes = loop.Buffered;
        if (bytes == 0)
            return;
        _sum += bytes;
        _holding.Add((loop, bytes));
    }

    /// <summary>After all were added: cuts those that hold the most, of the addresses that hold the most, until the rest fits.</summary>
    public void Settle()
    {
        Volatile.Write(ref _last, _sum);
        if (_sum > _limit)
            CutGreediest();
        _sum = 0;
        _holding.Clear();
    }

    private void CutGreediest()
    {
        var greediest = _holding
            .GroupBy(static held => held.Loop.Session.Address)
            .OrderByDescending(static address => address.Sum(static held => held.Bytes))
            .SelectMany(static address => address.OrderByDescending(static held => held.Bytes))
            .ToList();
        var left = _sum;
        foreach (var (loop, bytes) in greediest)
        {
            if (left <= _limit)
                break;
            loop.CutOff("too much buffered");
            left -= bytes;
            _cut++;
        }
        if (!_pace.TryTake(out _))
            return;
        ConnectionLog.TooMuchBuffered(_logger, _sum, _cut, greediest[0].Loop.Session.Address, greediest[0].Bytes);
        _cut = 0;
    }
}
