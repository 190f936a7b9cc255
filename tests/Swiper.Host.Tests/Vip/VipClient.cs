using Swiper.Core.Accounts;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Vip;

/// <summary>A signed-in client that keeps the pushes that come between replies.</summary>
internal sealed class VipClient : IAsyncDisposable
{
    private readonly TestClient _connection;
    private readonly Queue<ServerFrame> _pushes = [];
    private uint _id;

    private VipClient(TestClient connection) => _connection = connection;

    public long Uid { get; private set; }

    /// <summary>Logs in with the newest code of the host.</summary>
    public static async Task<VipClient> SignInAsync(TestHost host, string phone)
    {
        var client = new VipClient(await host.ConnectAsync());
        var asked = await client.AskAsync<RequestCodeRequest, RequestCodeReply>(Opcode.RequestCode, new(phone));
        var code = (await host.MessagesAsync())[^1][..CodeRules.Digits];
        client.Uid = (await client.AskAsync<LoginRequest, LoginReply>(Opcode.Login, new(phone, code, asked.Nonce))).Uid;
        return client;
    }

    public async Task<ServerFrame> CallAsync<TRequest>(Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest>
    {
        await _connection.RequestAsync(++_id, opcode, (ref args) => request.Write(ref args));
        ServerFrame frame;
        while ((frame = await _connection.NextAsync()).Type == Envelope.PushType)
            _pushes.Enqueue(frame);
        Assert.Equal(_id, frame.Id);
        return frame;
    }

    /// <summary>The data of a reply that succeeds.</summary>
    public async Task<TReply> AskAsync<TRequest, TReply>(Opcode opcode, TRequest request)
        where TRequest : IPayload<TRequest>
        where TReply : IPayload<TReply>
    {
        var frame = await CallAsync(opcode, request);
        Assert.True(frame.Status == StatusCode.Ok, $"{frame.Status}");
        return Read<TReply>(frame);
    }

    public async Task<TPush> NextPushAsync<TPush>(Opcode opcode)
        where TPush : IPayload<TPush>
    {
        var push = _pushes.TryDequeue(out var kept) ? kept : await _connection.NextAsync();
        Assert.Equal((Envelope.PushType, (uint)opcode), (push.Type, push.Id));
        return Read<TPush>(push);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static T Read<T>(ServerFrame frame)
        where T : IPayload<T>
    {
        var fields = new FieldReader(frame.Content);
        var read = T.Read(ref fields);
        Assert.Null(fields.Problem);
        return read;
    }
}
