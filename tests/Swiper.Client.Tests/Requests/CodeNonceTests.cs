using Swiper.Core.Protocol;

namespace Swiper.Client.Tests.Requests;

public sealed class CodeNonceTests : IDisposable
{
    private const string Phone = "+15550001111";

    private readonly FakeServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_login_has_the_nonce_of_the_code_that_was_asked_for_last()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        Assert.Equal("first", (await AskAsync(client, server, Phone, "first")).Nonce);
        await AskAsync(client, server, Phone, "second");
        Assert.Equal("second", await NonceOfLoginAsync(client, server, client.TryLogInAsync(Phone, "123456")));
        Assert.Equal("second", await NonceOfLoginAsync(client, server, client.TryLogInAsync(Phone, "654321")));
        Assert.Equal("kept", await NonceOfLoginAsync(client, server, client.TryLogInAsync(Phone, "123456", "kept")));
    }

    [Fact]
    public async Task A_login_has_no_nonce_of_another_phone_or_where_none_was_told()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        using var __ = server;

        Assert.Null(await NonceOfLoginAsync(client, server, client.TryLogInAsync(Phone, "123456")));
        await AskAsync(client, server, "+15550002222", "theirs");
        Assert.Null(await NonceOfLoginAsync(client, server, client.TryLogInAsync(Phone, "123456")));

        // As a server of an older version answers.
        var asked = client.RequestCodeAsync(Phone);
        await server.ReplyAsync((await server.ReadAsync(Opcode.RequestCode)).Id, 180, 60);
        Assert.Null((await asked.Soon()).Nonce);
        Assert.Null(await NonceOfLoginAsync(client, server, client.TryLogInAsync(Phone, "123456")));
    }

    [Fact]
    public async Task A_nonce_outlives_the_connection()
    {
        var (client, server) = await _server.ConnectAsync();
        await using var _ = client;
        await AskAsync(client, server, Phone, "nonce");
        server.Dispose();

        using var again = await _server.AcceptAsync();
        Assert.Equal("nonce", await NonceOfLoginAsync(client, again, client.TryLogInAsync(Phone, "123456")));
    }

    private static async Task<RequestCodeReply> AskAsync(SwiperClient client, FakeConnection server, string phone, string nonce)
    {
        var asked = client.RequestCodeAsync(phone);
        await server.ReplyAsync((await server.ReadAsync(Opcode.RequestCode)).Id, 180, 60, nonce);
        return await asked.Soon();
    }

    // What the server reads; the login fails, so that there may be another.
    private static async Task<string?> NonceOfLoginAsync(SwiperClient client, FakeConnection server, ValueTask<Outcome<LoginReply>> login)
    {
        var request = await server.ReadAsync(Opcode.Login);
        await server.FailAsync(request.Id, StatusCode.BadCode, "wrong");
        Assert.Equal(StatusCode.BadCode, (await login.Soon()).Failure.Code);
        Assert.Null(client.Uid);
        return request.Read((ref fields) => LoginRequest.Read(ref fields)).Nonce;
    }
}
