using System.Diagnostics;
using System.Diagnostics.Metrics;
using Swiper.Core.Dispatch;
using Swiper.Host.Options;
using KestrelPort = Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions;

namespace Swiper.Host.Connections;

/// <summary>Counts how TLS handshakes end: the metric <c>swiper.tls.handshakes</c>.</summary>
internal sealed class TlsHandshakes(IMeterFactory meters, SwiperOptions options)
{
    // So much earlier than a finer clock says may a deadline be over.
    private static readonly TimeSpan CoarseClock = TimeSpan.FromMilliseconds(20);

    private static readonly KeyValuePair<string, object?> Ok = new("outcome", "ok");
    private static readonly KeyValuePair<string, object?> Failed = new("outcome", "failed");
    private static readonly KeyValuePair<string, object?> TimedOut = new("outcome", "timeout");

    private readonly Counter<long> _handshakes = meters.Create(Traffic.MeterName)
        .CreateCounter<long>("swiper.tls.handshakes", "{handshake}", "TLS handshakes, by how they ended.");

    /// <summary>Counts one whose client sent nothing.</summary>
    public void CountTimeout() => _handshakes.Add(1, TimedOut);

    /// <summary>Surrounds the port's TLS, as <paramref name="useTls"/> adds it.</summary>
    public void Watch(KestrelPort port, Action<KestrelPort> useTls)
    {
        port.Use(next => async connection =>
        {
            var begun = Stopwatch.GetTimestamp();
            await next(connection);
            // Kestrel ends those that fail, and does not say how; the time tells its deadline.
            if (connection.Features.Get<HandshakeDone>() is null)
                _handshakes.Add(1, Stopwatch.GetElapsedTime(begun) + CoarseClock >= options.Tls.HandshakeTimeout ? TimedOut : Failed);
        });
        useTls(port);
        port.Use(next => connection =>
        {
            _handshakes.Add(1, Ok);
            connection.Features.Set(HandshakeDone.Instance);
            return next(connection);
        });
    }

    private sealed class HandshakeDone
    {
        public static readonly HandshakeDone Instance = new();
    }
}
