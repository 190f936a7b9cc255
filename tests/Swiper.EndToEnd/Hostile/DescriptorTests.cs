using System.Net;
using System.Net.Sockets;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;
using Swiper.EndToEnd.Running;
using Swiper.Local;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Hostile;

/// <summary>Somebody uses up all descriptors, and then has the host open more.</summary>
public sealed class DescriptorTests
{
    [Fact]
    public async Task Calls_to_a_gateway_that_hangs_have_descriptors_left_when_connections_have_none()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "ulimit and the epoll transport need Linux");
        const int Descriptors = 600;
        const int Asking = 115;
        using var data = new ScratchFolder("end-to-end");
        using var gateway = new TcpListener(IPAddress.Loopback, 0);
        gateway.Start();
        var plan = TestHost.Plan(data, "Listen:Transport=epoll", $"Sms:Url=http://{gateway.LocalEndpoint}/", "Sms:Timeout=00:00:05",
            "Limits:FirstFrame=00:05:00");
        using var host = await ChildHost.StartAsync(plan with { ShellPrelude = $"ulimit -n {Descriptors}" });
        using var asking = await RawConnection.OpenAsync(host);
        await asking.SendAsync(RawConnection.Request(0, Opcode.Ping));
        Assert.Equal((0u, StatusCode.Ok), await asking.ReplyAsync());
        var others = new List<RawConnection>();
        try
        {
            for (var number = 0; number < Descriptors; number++)
                others.Add(await RawConnection.OpenAsync(host));
            await Eventually.HoldsAsync(() => host.Output.Contains("Accepting paused", StringComparison.Ordinal), "accepting pauses");

            for (uint id = 1; id <= Asking; id++)
                await asking.SendAsync(RequestCode(id, $"+1555{id:D7}"));
            for (var reply = 0; reply < Asking; reply++)
                Assert.Equal(StatusCode.Unavailable, (await asking.ReplyAsync()).Code);
        }
        finally
        {
            others.ForEach(static other => other.Dispose());
        }
        Assert.Equal(0, await host.TerminateAsync());
    }

    private static byte[] RequestCode(uint id, string phone)
    {
        var writer = new MessagePackWriter(stackalloc byte[64]);
        Envelope.WriteRequest(ref writer, id, Opcode.RequestCode);
        new RequestCodeRequest(phone).Write(ref writer);
        return RawConnection.Frame(writer.Written);
    }
}
