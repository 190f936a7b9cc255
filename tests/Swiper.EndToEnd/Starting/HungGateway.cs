using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Swiper.EndToEnd.Running;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Starting;

/// <summary>
/// An SMS gateway that takes messages and does not answer until it is let: a host that has asked it has a request in flight, for which it
/// waits before it ends.
/// </summary>
internal sealed class HungGateway : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _asked = [];

    public HungGateway()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The options of hosts that use it.</summary>
    public string[] Settings => [$"Sms:Url=http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/", "Sms:Timeout=00:05:00",
        "Limits:Drain=00:05:00"];

    /// <summary>Has a host ask it; returns the request in flight.</summary>
    public async Task<Task> OccupyAsync(ChildHost host)
    {
        var client = await host.ConnectAsync();
        var asking = AskAsync();
        await Eventually.HoldsAsync(() => !_asked.IsEmpty, "the gateway is asked");
        return asking;

        async Task AskAsync()
        {
            await using (client)
                Assert.Equal(Core.Protocol.StatusCode.Unavailable, (await client.TryRequestCodeAsync(Outbox.NewPhone())).Failure.Code);
        }
    }

    /// <summary>Fails what is asked.</summary>
    public void LetGo()
    {
        foreach (var asked in _asked)
            asked.Dispose();
    }

    public void Dispose()
    {
        LetGo();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _asked.Add(await _listener.AcceptSocketAsync());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }
}
