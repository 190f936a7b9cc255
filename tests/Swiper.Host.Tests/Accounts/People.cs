using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Storage;

namespace Swiper.Host.Tests.Accounts;

/// <summary>People of a server, without their apps.</summary>
internal sealed class People(TestHost host, TimeProvider clock)
{
    private readonly IStorageEngine _engine = host.Services.GetRequiredService<IStorageEngine>();
    private readonly ITokens _tokens = host.Services.GetRequiredService<ITokens>();
    private int _phones;

    /// <summary>A new user with a token.</summary>
    public async Task<(long Uid, string Token)> NewAsync()
    {
        var uid = _engine.NewUid();
        Assert.True(await _engine.CreateUserAsync(Profile.New(uid, $"+998{++_phones:D9}", clock.NowMs())).Soon());
        return (uid, _tokens.Issue(uid, out _));
    }

    /// <summary>Pushes the user something, from so many new people one after the other.</summary>
    public async Task SuperlikeAsync(long uid, int count)
    {
        for (var fan = 0; fan < count; fan++)
        {
            var (superliker, _) = await NewAsync();
            Assert.True((await _engine.Swipes.SwipeAsync(superliker, uid, SwipeKind.Superlike, clock.NowMs()).Soon()).IsOk);
        }
    }
}

/// <summary>Signing in frame by frame.</summary>
internal static class Resuming
{
    /// <summary>Signs in with a token; answers the pushes before the reply, and the reply, which must be a success.</summary>
    public static async Task<(List<ServerFrame> Before, ResumeReply Reply)> ResumeAsync(
        this TestClient client, string token, long? lastPushSeq = null)
    {
        await client.RequestAsync(1, Opcode.Resume, (ref args) => new ResumeRequest(token, lastPushSeq).Write(ref args));
        var frames = new List<ServerFrame>();
        do
            frames.Add(await client.NextAsync());
        while (frames[^1].Type != Envelope.ReplyType);
        Assert.Equal(StatusCode.Ok, frames[^1].Status);
        return (frames[..^1], Read<ResumeReply>(frames[^1]));
    }

    public static T Read<T>(ServerFrame frame)
        where T : IPayload<T>
    {
        var fields = new FieldReader(frame.Content);
        var read = T.Read(ref fields);
        Assert.Null(fields.Problem);
        return read;
    }
}
