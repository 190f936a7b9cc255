using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Host.Tests.Accounts;

namespace Swiper.Host.Tests.Limits;

/// <summary>Many phones have one address; one of them sends junk.</summary>
public sealed class NeighboursOfJunkTests
{
    private const int Neighbours = 20;

    // Far more than 22 a second in a minute, all at once.
    private const int Junk = 3000;

    [Fact]
    public async Task Junk_keeps_nobody_of_its_address_from_resuming_or_from_codes()
    {
        await using var host = await TestHost.StartAsync();
        var people = new People(host, TimeProvider.System);
        await using var junk = await host.ConnectAsync();
        var throttled = await ReadingAsync(junk, Junk, () => SendJunkAsync(junk));
        Assert.InRange(throttled, 1, Junk - 1);

        for (uint number = 0; number < Neighbours; number++)
        {
            var (uid, token) = await people.NewAsync();
            await using var neighbour = await host.ConnectAsync();
            Assert.Equal(uid, (await neighbour.ResumeAsync(token)).Reply.Uid);
            await using var another = await host.ConnectAsync();
            Assert.Equal(StatusCode.Ok, (await another.CallAsync(1, Opcode.RequestCode, (ref args) => Ask(number, ref args))).Status);
        }

        static void Ask(uint number, ref MessagePackWriter args) => new RequestCodeRequest($"+1555{number:D7}").Write(ref args);
    }

    [Fact]
    public async Task Codes_for_phones_of_nobody_leave_the_neighbours_theirs()
    {
        await using var host = await TestHost.StartAsync();
        await using var junk = await host.ConnectAsync();
        var throttled = await ReadingAsync(junk, Junk, async () =>
        {
            for (uint id = 0; id < Junk; id++)
                await junk.RequestAsync(id, Opcode.RequestCode, (ref args) => new RequestCodeRequest($"+1777{id:D7}").Write(ref args));
        });
        Assert.InRange(throttled, 1, Junk - 1);

        for (uint number = 0; number < Neighbours; number++)
        {
            await using var neighbour = await host.ConnectAsync();
            Assert.Equal(StatusCode.Ok, (await neighbour.CallAsync(
                1, Opcode.RequestCode, (ref args) => new RequestCodeRequest($"+1555{number:D7}").Write(ref args))).Status);
        }
    }

    [Fact]
    public async Task Who_asks_on_a_new_connection_for_every_three_codes_is_slowed_down_long_before_the_messages_are_used_up()
    {
        const int MessagesAnHour = 400;
        await using var host = await TestHost.StartAsync($"Accounts:CodesPerAddressPerHour={MessagesAnHour}");
        var sent = 0;
        for (var connection = 0; connection < MessagesAnHour; connection += 3)
        {
            await using var junk = await host.ConnectAsync();
            for (var asked = 0; asked < 3; asked++)
            {
                var number = (uint)(connection + asked);
                var reply = await junk.CallAsync(
                    number, Opcode.RequestCode, (ref args) => new RequestCodeRequest($"+1777{number:D7}").Write(ref args));
                if (reply.Status == StatusCode.Ok)
                    sent++;
                else
                    Assert.Equal(StatusCode.Throttled, reply.Status);
            }
        }
        Assert.InRange(sent, MessagesAnHour / 4, MessagesAnHour / 2);
    }

    private static async Task SendJunkAsync(TestClient junk)
    {
        for (uint id = 0; id < Junk; id++)
        {
            await junk.SendAsync(Wire.Frame((id % 4) switch
            {
                0 => Wire.Request(id, Opcode.Resume),
                1 => Wire.Request(id, Opcode.Resume, (ref args) => new ResumeRequest("no token", null).Write(ref args)),
                2 => Wire.Request(id, Opcode.Login, (ref args) => new LoginRequest("+15550000000", "000000").Write(ref args)),
                _ => Wire.Request(id, Opcode.RequestCode),
            }));
        }
    }

    // Sends while it reads all replies; answers how many were 1005.
    private static async Task<int> ReadingAsync(TestClient client, int replies, Func<Task> send)
    {
        var sending = send();
        var throttled = 0;
        for (var reply = 0; reply < replies; reply++)
        {
            if ((await client.NextAsync()).Status == StatusCode.Throttled)
                throttled++;
        }
        await sending;
        return throttled;
    }
}
