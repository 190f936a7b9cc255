using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Host.Connections;
using Swiper.Host.Options;

namespace Swiper.Host.Tests.Connections;

[Collection(nameof(Alone))]
public sealed class AdmissionTests : IDisposable
{
    private readonly RecordedLog<Admission> _log = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void An_address_has_a_share_that_is_free_again_when_its_connections_have_left()
    {
        var admission = Create(new ConnectionLimits { ConnectionsPerAddress = 2 });
        Assert.True(Enter(admission, Client("192.0.2.1")));
        Assert.True(Enter(admission, Client("::ffff:192.0.2.1")));
        Assert.False(Enter(admission, Client("192.0.2.1")));
        Assert.True(Enter(admission, Client("192.0.2.2")));
        admission.Leave(Client("192.0.2.1"));
        Assert.True(Enter(admission, Client("192.0.2.1")));
    }

    [Fact]
    public void A_network_of_64_bits_is_one_address()
    {
        var admission = Create(new ConnectionLimits { ConnectionsPerAddress = 2 });
        Assert.True(Enter(admission, Client("2001:db8:0:1::1")));
        Assert.True(Enter(admission, Client("2001:db8:0:1:ffff::2")));
        Assert.False(Enter(admission, Client("2001:db8:0:1:abcd::3")));
        Assert.True(Enter(admission, Client("2001:db8:0:2::1")));
    }

    [Fact]
    public void Loopback_is_a_proxys_or_a_tests_and_has_no_share_unless_it_is_to_be_counted()
    {
        var uncounted = Create(new ConnectionLimits { ConnectionsPerAddress = 1 });
        var counted = Create(new ConnectionLimits { ConnectionsPerAddress = 1, CountLoopback = true });
        foreach (var address in new[] { "127.0.0.1", "::1", "::ffff:127.0.0.2" })
        {
            Assert.True(Enter(uncounted, Client(address)));
            Assert.True(Enter(uncounted, Client(address)));
            Assert.True(Enter(counted, Client(address)));
            Assert.False(Enter(counted, Client(address)));
        }
    }

    [Fact]
    public void A_balancer_has_no_share_and_each_of_its_clients_has_one_until_its_connections_have_left()
    {
        var admission = Create(new ConnectionLimits { Connections = 4, ConnectionsPerAddress = 2 });
        foreach (var client in new[] { "192.0.2.1", "192.0.2.1", "192.0.2.2" })
        {
            Assert.True(admission.TryEnter(Client("198.51.100.1"), counted: null));
            Assert.True(admission.TryTakeShare(Client(client)));
        }
        Assert.True(admission.TryEnter(Client("198.51.100.1"), counted: null));
        Assert.False(admission.TryTakeShare(Client("192.0.2.1")));
        Assert.False(admission.TryEnter(Client("198.51.100.1"), counted: null));
        admission.Leave(counted: null);
        admission.Leave(Client("192.0.2.1"));
        Assert.True(Enter(admission, Client("192.0.2.1")));
        Assert.Equal(3, admission.Open);
    }

    [Fact]
    public void Those_refused_are_counted_by_the_limit_and_logged_once_a_second_at_most()
    {
        const int Refused = 1000;
        var admission = Create(new ConnectionLimits { Connections = 2, ConnectionsPerAddress = 1 });
        var counts = new Dictionary<object, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "swiper.connections.refused")
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            counts[tags[0].Value!] = counts.GetValueOrDefault(tags[0].Value!) + count);
        listener.Start();

        Assert.True(Enter(admission, Client("192.0.2.1")));
        Assert.False(Enter(admission, Client("192.0.2.1")));
        Assert.True(Enter(admission, Client("192.0.2.2")));
        for (var refused = 0; refused < Refused; refused++)
            Assert.False(Enter(admission, Client("192.0.2.3")));

        Assert.Equal((1, Refused), (counts["address"], counts["all"]));
        // As many lines as seconds have begun, however long this took.
        Assert.InRange(_log.Of(2004).Count, 1, 60);
        Assert.Equal("1 connections refused at the limit of address; the last one of 192.0.2.1", _log.Of(2004)[0]);
    }

    [Fact]
    public void An_address_begins_so_many_connections_in_a_minute_however_soon_they_end()
    {
        var admission = Create(new ConnectionLimits { NewConnectionsPerAddress = 60 });
        Assert.Equal(60, ComeAndGo(admission, "192.0.2.1", times: 500));
        Assert.Equal(60, ComeAndGo(admission, "192.0.2.2", times: 500));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, ComeAndGo(admission, "192.0.2.1", times: 500));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(60, ComeAndGo(admission, "192.0.2.1", times: 500));
        Assert.Equal("1 connections refused at the limit of rate; the last one of 192.0.2.1", _log.Of(2004)[0]);

        int ComeAndGo(Admission admission, string address, int times)
        {
            var entered = 0;
            for (var time = 0; time < times; time++)
            {
                if (!Enter(admission, Client(address)))
                    continue;
                entered++;
                admission.Leave(Client(address));
            }
            return entered;
        }
    }

    private static bool Enter(Admission admission, IPEndPoint client) => admission.TryEnter(client, counted: client);

    private Admission Create(ConnectionLimits limits) =>
        new(new SwiperOptions { Limits = limits }, _services.GetRequiredService<IMeterFactory>(), _clock, _log);

    private static IPEndPoint Client(string address) => new(IPAddress.Parse(address), 1234);
}
