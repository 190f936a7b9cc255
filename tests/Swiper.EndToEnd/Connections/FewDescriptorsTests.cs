using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Connections;

/// <summary>A host that the system gives no more descriptors than it needs for itself and some clients.</summary>
public sealed partial class FewDescriptorsTests
{
    private const int Ports = 2;
    private const int PauseMs = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Those_who_got_in_are_served_and_the_others_when_some_have_left(int loops)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ulimit and the epoll transport need Linux");
        const int Descriptors = 600;
        const int Clients = Descriptors + 200;
        using var data = new ScratchFolder("end-to-end");
        using var host = await ChildHost.StartAsync(
            TestHost.Plan(data, "Listen:Transport=epoll", $"Listen:Loops={loops}", "Limits:FirstFrame=00:05:00")
                with
            { ShellPrelude = $"ulimit -n {Descriptors}" });
        var clients = new List<RawConnection>();
        try
        {
            var watch = Stopwatch.StartNew();
            // Those whom the host can't accept are connected too: by the system, which keeps them for it.
            for (var number = 0; number < Clients; number++)
                clients.Add(await RawConnection.OpenAsync(host));
            var replies = new List<Task<(uint, StatusCode)>>();
            foreach (var client in clients)
            {
                await client.SendAsync(RawConnection.Request(1, Opcode.Ping));
                replies.Add(client.ReplyAsync());
            }
            await Eventually.HoldsAsync(() => host.Output.Contains("Accepting paused", StringComparison.Ordinal), "accepting pauses");
            await Eventually.HoldsAsync(() => replies.Count(reply => reply.IsCompleted) > 100, "some are served");

            // While others wait at the door, again and again.
            var inside = Enumerable.Range(0, Clients).Where(number => replies[number].IsCompleted).ToList();
            Assert.NotEqual(Clients, inside.Count);
            for (uint round = 2; round < 10; round++)
            {
                foreach (var number in inside)
                {
                    await clients[number].SendAsync(RawConnection.Request(round, Opcode.Ping));
                    Assert.Equal((round, StatusCode.Ok), await clients[number].ReplyAsync());
                }
            }

            // Each that leaves lets one in, until all were served.
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async number =>
            {
                Assert.Equal((1u, StatusCode.Ok), await replies[number]);
                clients[number].Dispose();
            }));
            await using var last = await host.ConnectAsync();
            await last.PingAsync();

            // It tried in vain no oftener than it says, however long this has taken.
            await Eventually.HoldsAsync(() => GoesOn().IsMatch(host.Output), "accepting goes on");
            var pauses = GoesOn().Matches(host.Output)
                .Sum(line => int.Parse(line.Groups["pauses"].ValueSpan, CultureInfo.InvariantCulture));
            Assert.InRange(pauses, 1, Ports * loops * ((watch.ElapsedMilliseconds / PauseMs) + 1));
            Assert.DoesNotContain("crit:", host.Output, StringComparison.Ordinal);
        }
        finally
        {
            foreach (var client in clients)
                client.Dispose();
        }
        Assert.Equal(0, await host.TerminateAsync());
    }

    [GeneratedRegex(@"Accepting resumed after (?<pauses>\d+) pauses")]
    private static partial Regex GoesOn();
}
