using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Accounts;

/// <summary>Requests that are sent without waiting for the sign-ins between them, on the whole server.</summary>
public sealed class PipelinedSignInTests
{
    private const int Rounds = 20;

    [Fact]
    public async Task Requests_before_a_sign_in_run_as_the_old_user_and_those_behind_it_as_the_new_one()
    {
        await using var host = await TestHost.StartAsync();
        var people = new People(host, TimeProvider.System);
        var (ann, annsToken) = await people.NewAsync();
        var (bob, bobsToken) = await people.NewAsync();
        await using var client = await host.ConnectAsync();
        await client.ResumeAsync(annsToken);
        for (var round = 0; round < Rounds; round++)
        {
            var (before, behind, token) = round % 2 == 0 ? (ann, bob, bobsToken) : (bob, ann, annsToken);
            await client.SendAsync(Bytes(Profile(1), Profile(2), Resume(3, token), Profile(4), Profile(5)));

            var replies = new ServerFrame[5];
            for (var i = 0; i < replies.Length; i++)
                replies[i] = await client.NextAsync();
            Assert.All(replies, reply => Assert.Equal(StatusCode.Ok, reply.Status));
            // Replies to what may run at the same time come in any order.
            Assert.Equal([1u, 2u], replies[..2].Select(reply => reply.Id).Order());
            Assert.All(replies[..2], reply => Assert.Equal(before, UidOf(reply)));
            Assert.Equal(3u, replies[2].Id);
            Assert.Equal([4u, 5u], replies[3..].Select(reply => reply.Id).Order());
            Assert.All(replies[3..], reply => Assert.Equal(behind, UidOf(reply)));
        }
    }

    [Fact]
    public async Task Requests_behind_one_that_is_refused_run_as_the_old_user()
    {
        await using var host = await TestHost.StartAsync();
        var (ann, token) = await new People(host, TimeProvider.System).NewAsync();
        await using var client = await host.ConnectAsync();
        await client.ResumeAsync(token);
        await client.SendAsync(Bytes(Resume(1, "none"), Profile(2)));
        Assert.Equal((1u, StatusCode.TokenInvalid), (await client.NextAsync()) is var refused ? (refused.Id, refused.Status) : default);
        var reply = await client.NextAsync();
        Assert.Equal((2u, StatusCode.Ok), (reply.Id, reply.Status));
        Assert.Equal(ann, UidOf(reply));
    }

    private static byte[] Profile(uint id) => Wire.Frame(Wire.Request(id, Opcode.Profile));

    private static byte[] Resume(uint id, string token) =>
        Wire.Frame(Wire.Request(id, Opcode.Resume, (ref args) => new ResumeRequest(token).Write(ref args)));

    private static byte[] Bytes(params byte[][] frames) => [.. frames.SelectMany(frame => frame)];

    private static long UidOf(ServerFrame reply) => Resuming.Read<ProfileReply>(reply).Profile.Uid;
}
