using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Hostile;

/// <summary>Requests that change what others of the same connection mean, all in one segment.</summary>
public sealed class PipelineOrderTests
{
    private const int Rounds = 20;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_sign_ins_the_second_gets_the_pushes_from_then_on(bool sameUser)
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 2 + Rounds);
        using var host = await TestHost.StartAsync(data, "Vip:GrantAll=true");
        var (first, second) = (tokens[sameUser ? 1 : 0], tokens[1]);
        for (var round = 0; round < Rounds; round++)
        {
            await using var connection = await FrameConnection.OpenAsync(host);
            var id = await connection.SendAsync(Opcode.Resume, Resume(first), Resume(second));
            Assert.Equal((id, StatusCode.Ok), await ReplyAsync(connection));
            Assert.Equal((id + 1, StatusCode.Ok), await ReplyAsync(connection));

            await using var fan = await host.ConnectAsync();
            await fan.ResumeAsync(tokens[2 + round]);
            await using var other = await host.ConnectAsync();
            await other.ResumeAsync(second);
            await fan.SwipeAsync((await other.ProfileAsync()).Uid, SwipeKind.Superlike);
            var push = await connection.NextAsync();
            Assert.Equal((Envelope.PushType, (uint)Opcode.Superliked), (push.Type, push.Id));
        }
    }

    [Fact]
    public async Task Nobody_is_swiped_after_the_block_before_it()
    {
        using var data = new ScratchFolder("end-to-end");
        var tokens = await TestHost.MakeRobotsAsync(data, 1 + Rounds);
        using var host = await TestHost.StartAsync(data);
        var others = await host.SignInAsync(tokens[1..]);
        await using var connection = await FrameConnection.OpenAsync(host);
        await connection.ResumeAsync(tokens[0], lastPushSeq: null);
        foreach (var other in others)
        {
            var uid = (await other.ProfileAsync()).Uid;
            var block = await connection.SendAsync(Opcode.Block, (ref args) =>
            {
                args.WriteArrayHeader(1);
                args.WriteInt64(uid);
            });
            var swipe = await connection.SendAsync(Opcode.Swipe, (ref args) =>
            {
                args.WriteArrayHeader(2);
                args.WriteInt64(uid);
                args.WriteInt64((int)SwipeKind.Dislike);
            });
            Assert.Equal((block, StatusCode.Ok), await ReplyAsync(connection));
            Assert.Equal((swipe, StatusCode.Blocked), await ReplyAsync(connection));
        }
        await others.DisposeAllAsync();
    }

    private static WriteValues Resume(string token) => (ref args) => new ResumeRequest(token, null).Write(ref args);

    private static async Task<(uint, StatusCode)> ReplyAsync(FrameConnection connection)
    {
        var frame = await connection.NextAsync();
        Assert.Equal(Envelope.ReplyType, frame.Type);
        return (frame.Id, frame.Status);
    }
}
