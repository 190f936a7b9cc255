using System.Net.Sockets;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;
using Swiper.EndToEnd.Health;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Starting;

public sealed class StoppingTests
{
    [Fact]
    public async Task SIGTERM_under_load_loses_no_request_that_was_read_and_ends_with_0()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 100);
        var acknowledged = 0;
        using (var host = await TestHost.StartAsync(data))
        {
            var clients = await host.SignInAsync(tokens);
            var inboxes = clients.Select(client => new PushInbox(client)).ToArray();
            var uids = clients.Select(client => client.Uid!.Value).ToArray();
            var swiping = clients.SelectMany((client, index) => Enumerable.Range(0, 4).Select(lane => SwipeAllAsync(client, index, lane)))
                .ToArray();
            while (Volatile.Read(ref acknowledged) < 500)
                await Task.Delay(1);

            host.Terminate();

            await Task.WhenAll(swiping).WaitAsync(Patience.Limit);
            Assert.Equal(0, await host.Ended.WaitAsync(Patience.Limit));
            foreach (var inbox in inboxes)
                Assert.Contains(await inbox.RestAsync(), push => push is SwiperPush.Draining { ReconnectAfter.TotalMilliseconds: > 0 });

            async Task SwipeAllAsync(SwiperClient client, int index, int lane)
            {
                try
                {
                    for (var other = lane; other < uids.Length; other += 4)
                    {
                        if (other == index)
                            continue;
                        await client.SwipeAsync(uids[other], SwipeKind.Like);
                        Interlocked.Increment(ref acknowledged);
                    }
                }
                catch (Exception exception) when (exception is SwiperConnectionException or ObjectDisposedException)
                {
                    // Sent after the server had said that it reads no more, or not sent because the client was closed with its connection.
                }
            }
        }

        var truth = Truth.Read(data);
        Assert.True(truth.Swiped.Count >= acknowledged, $"{acknowledged} swipes were acknowledged, {truth.Swiped.Count} are there");
    }

    [Fact]
    public async Task Until_the_last_client_has_gone_nobody_is_let_in_and_the_ops_port_answers()
    {
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new HungGateway();
        using var host = await TestHost.StartAsync(data, gateway.Settings);
        using var health = await HostHealth.OfAsync(host);
        var asking = await gateway.OccupyAsync(host);

        host.Terminate();

        await health.SaysAsync(isReady: false, "draining");
        await Eventually.HoldsAsync(async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(host.EndPoint);
                return false;
            }
            catch (SocketException)
            {
                return true;
            }
        }, "the public port is closed");
        await Eventually.HoldsAsync(
            async () => await health.ReadAsync("swiper_connections_open{") == 1, "the one that waits is still counted, and alone");
        gateway.LetGo();
        await asking.WaitAsync(Patience.Limit);
        Assert.Equal(0, await host.Ended.WaitAsync(Patience.Limit));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_that_were_read_before_SIGTERM_or_SIGHUP_are_answered(bool hangUp)
    {
        using var data = new ScratchFolder("end-to-end");
        using var host = await TestHost.StartAsync(data);
        using var connection = await RawConnection.OpenAsync(host);
        const int Requests = 200;
        await connection.SendAsync(Enumerable.Range(1, Requests).SelectMany(id => RawConnection.Request((uint)id, Opcode.Ping)).ToArray());
        // The first answer shows that the read, which had them all, was taken.
        var answered = new HashSet<uint> { (await connection.ReplyAsync()).Id };

        if (hangUp)
            host.HangUp();
        else
            host.Terminate();

        while (answered.Count < Requests)
            Assert.True(answered.Add((await connection.ReplyAsync()).Id));
        await connection.ReadUntilClosedAsync();
        if (!hangUp)
            Assert.Equal(0, await host.Ended.WaitAsync(Patience.Limit));
    }
}
