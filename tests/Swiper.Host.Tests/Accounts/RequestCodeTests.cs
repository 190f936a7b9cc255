using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Accounts;

/// <summary>What asking for codes costs an address, on the whole server.</summary>
public sealed class RequestCodeTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private uint _id;
    private int _phones;

    [Fact]
    public async Task What_is_refused_leaves_an_address_its_messages()
    {
        await using var host = await StartAsync("Accounts:CodesPerAddressPerHour=2");
        await using var client = await host.ConnectAsync();
        var phone = NewPhone();
        Assert.Equal(StatusCode.Ok, (await AskAsync(client, phone)).Status);

        for (var asked = 0; asked < 20; asked++)
        {
            Assert.Equal(StatusCode.BadParams, (await AskAsync(client, "+0")).Status);
            Assert.Equal(StatusCode.BadParams, (await client.CallAsync(++_id, Opcode.RequestCode)).Status);
            var tooOften = await AskAsync(client, phone);
            Assert.Equal(StatusCode.CodeTooOften, tooOften.Status);
            Assert.Equal(60_000, RetryAfterMs(tooOften));
        }

        Assert.Equal(StatusCode.Ok, (await AskAsync(client, NewPhone())).Status);
        var throttled = await AskAsync(client, NewPhone());
        Assert.Equal(StatusCode.Throttled, throttled.Status);
        Assert.InRange(throttled.Number, 1, 3_600_000);
    }

    [Fact]
    public async Task Requests_at_the_same_instant_send_no_more_messages_than_an_address_has()
    {
        await using var host = await StartAsync("Accounts:CodesPerAddressPerHour=3");
        await using var client = await host.ConnectAsync();
        for (var asked = 0; asked < 20; asked++)
            await client.RequestAsync(++_id, Opcode.RequestCode, (ref args) => new RequestCodeRequest(NewPhone()).Write(ref args));
        var codes = new List<StatusCode>();
        for (var asked = 0; asked < 20; asked++)
            codes.Add((await client.NextAsync()).Status);

        Assert.Equal(3, codes.Count(code => code == StatusCode.Ok));
        Assert.Equal(17, codes.Count(code => code == StatusCode.Throttled));
        Assert.Equal(3, (await host.MessagesAsync()).Length);
    }

    [Fact]
    public async Task Codes_that_an_address_tries_at_the_same_instant_are_as_many_as_it_may_try_one_after_the_other()
    {
        const int Connections = 64;
        await using var host = await StartAsync("Accounts:WrongCodesPerMinute=1");
        var began = Stopwatch.StartNew();
        var clients = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => host.ConnectAsync()));
        try
        {
            foreach (var client in clients)
                await client.RequestAsync(1, Opcode.Login, (ref args) => new LoginRequest(NewPhone(), "000000").Write(ref args));
            var codes = new List<StatusCode>();
            foreach (var client in clients)
                codes.Add((await client.NextAsync()).Status);

            // One, and one more in every minute that this took.
            Assert.InRange(codes.Count(code => code == StatusCode.BadCode), 1, 1 + (int)Math.Ceiling(began.Elapsed.TotalMinutes));
            Assert.All(codes, code => Assert.True(code is StatusCode.BadCode or StatusCode.Throttled));
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_is_not_sent_does_not_count_for_its_phone(bool isAddressAtItsLimit)
    {
        var fault = new Fault { IsAddressAtItsLimit = isAddressAtItsLimit, IsGatewayDown = !isAddressAtItsLimit };
        await using var host = await TestHost.StartAsync(services => services
            .AddSingleton<TimeProvider>(_clock).AddSingleton<IRequestLimiter>(fault).AddSingleton<ISmsSender>(fault));
        await using var client = await host.ConnectAsync();
        var phone = NewPhone();
        for (var asked = 0; asked < 20; asked++)
        {
            Assert.Equal(isAddressAtItsLimit ? StatusCode.Throttled : StatusCode.Unavailable, (await AskAsync(client, phone)).Status);
            if (isAddressAtItsLimit)
                continue;
            // Whoever has it down must not send messages to a phone, or ask the gateway, without end.
            var held = await AskAsync(client, phone);
            Assert.Equal((StatusCode.CodeTooOften, 60_000), (held.Status, RetryAfterMs(held)));
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        fault.IsAddressAtItsLimit = fault.IsGatewayDown = false;
        var sent = await AskAsync(client, phone);
        Assert.Equal(StatusCode.Ok, sent.Status);
        Assert.Equal(StatusCode.Ok, (await LogInAsync(client, phone, fault.Messages.Single()[..CodeRules.Digits], NonceOf(sent))).Status);
    }

    [Fact]
    public async Task Asking_is_bounded_also_where_it_is_refused()
    {
        await using var host = await StartAsync("Accounts:SignInsPerAddressPerMinute=1");
        await using var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.BadParams, (await AskAsync(client, "+0")).Status);
        Assert.Equal(StatusCode.Throttled, (await AskAsync(client, "+0")).Status);
    }

    [Fact]
    public async Task A_phone_gets_so_many_messages_and_the_refusal_says_when_there_may_be_another()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        var phone = NewPhone();
        for (var message = 0; message < 5; message++)
        {
            var asked = await AskAsync(client, phone);
            Assert.Equal(StatusCode.Ok, asked.Status);
            var code = (await host.MessagesAsync())[^1][..CodeRules.Digits];
            Assert.Equal(StatusCode.Ok, (await LogInAsync(client, phone, code, NonceOf(asked))).Status);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }
        var refused = await AskAsync(client, phone);
        Assert.Equal((StatusCode.CodeTooOften, 55 * 60_000), (refused.Status, RetryAfterMs(refused)));

        _clock.Advance(TimeSpan.FromMilliseconds(RetryAfterMs(refused)));
        Assert.Equal(StatusCode.Ok, (await AskAsync(client, phone)).Status);
        Assert.Equal(6, (await host.MessagesAsync()).Length);
    }

    [Fact]
    public async Task The_reply_has_a_nonce_with_which_the_code_is_this_devices()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        var phone = NewPhone();
        var asked = await AskAsync(client, phone);
        var fields = new FieldReader(asked.Content);
        var reply = RequestCodeReply.Read(ref fields);
        Assert.Equal((180, 60), (reply.TtlS, reply.ResendS));
        Assert.Equal(22, reply.Nonce!.Length);

        var code = (await host.MessagesAsync())[^1][..CodeRules.Digits];
        Assert.Equal(StatusCode.BadCode, (await LogInAsync(client, phone, code, "another")).Status);
        Assert.Equal(StatusCode.BadCode, (await LogInAsync(client, phone, code, "")).Status);
        Assert.Equal(StatusCode.BadParams, (await LogInAsync(client, phone, code, new string('x', 65))).Status);
        Assert.Equal(StatusCode.Ok, (await LogInAsync(client, phone, code, reply.Nonce)).Status);
    }

    [Fact]
    public async Task Over_all_phones_a_host_sends_so_many_messages_a_minute()
    {
        await using var host = await StartAsync("Accounts:CodesPerMinute=3");
        await using var client = await host.ConnectAsync();
        for (var message = 0; message < 3; message++)
            Assert.Equal(StatusCode.Ok, (await AskAsync(client, NewPhone())).Status);
        var phone = NewPhone();
        for (var asked = 0; asked < 3; asked++)
        {
            var refused = await AskAsync(client, phone);
            Assert.Equal(StatusCode.Throttled, refused.Status);
            Assert.InRange(refused.Number, 1, 20_000);
        }

        Assert.Equal(3, (await host.MessagesAsync()).Length);
    }

    [Fact]
    public async Task Where_too_many_codes_are_wrong_an_address_that_tried_one_has_to_wait_even_with_the_right_one()
    {
        await using var host = await StartAsync("Accounts:WrongCodesPerMinute=3");
        await using var client = await host.ConnectAsync();
        var phone = NewPhone();
        var asked = await AskAsync(client, phone);
        for (var tried = 0; tried < 3; tried++)
            Assert.Equal(StatusCode.BadCode, (await LogInAsync(client, phone, "wrong", NonceOf(asked))).Status);
        var code = (await host.MessagesAsync())[^1][..CodeRules.Digits];
        var refused = await LogInAsync(client, phone, code, NonceOf(asked));
        Assert.Equal(StatusCode.Throttled, refused.Status);
        Assert.InRange(refused.Number, 1, 20_000);
    }

    [Fact]
    public async Task No_file_of_the_server_has_a_code()
    {
        await using var host = await StartAsync();
        await using var client = await host.ConnectAsync();
        var phone = NewPhone();
        var asked = await AskAsync(client, phone);
        var code = (await host.MessagesAsync())[^1][..CodeRules.Digits];
        var folder = Path.GetDirectoryName(host.OperationsSocket)!;
        var files = Directory.GetFiles(folder, "shard-*").Select(ReadShared).ToArray();
        Assert.Contains(files, text => text.Contains(NonceOf(asked), StringComparison.Ordinal));
        Assert.DoesNotContain(files, text => text.Contains($"\"{code}\"", StringComparison.Ordinal));
        Assert.Equal(StatusCode.Ok, (await LogInAsync(client, phone, code, NonceOf(asked))).Status);
    }

    // The host has them open.
    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private Task<TestHost> StartAsync(params string[] settings) =>
        TestHost.StartAsync(services => services.AddSingleton<TimeProvider>(_clock), settings);

    private string NewPhone() => $"+1555000{++_phones:D4}";

    private Task<ServerFrame> AskAsync(TestClient client, string phone) =>
        client.CallAsync(++_id, Opcode.RequestCode, (ref args) => new RequestCodeRequest(phone).Write(ref args));

    private Task<ServerFrame> LogInAsync(TestClient client, string phone, string code, string? nonce) =>
        client.CallAsync(++_id, Opcode.Login, (ref args) => new LoginRequest(phone, code, nonce).Write(ref args));

    private static string NonceOf(ServerFrame asked)
    {
        var fields = new FieldReader(asked.Content);
        return RequestCodeReply.Read(ref fields).Nonce!;
    }

    private static long RetryAfterMs(ServerFrame refusal)
    {
        var fields = new FieldReader(refusal.Content);
        Assert.NotEqual("", fields.String("message", 1000));
        var retryAfter = fields.Int64("retry_after_ms");
        Assert.Null(fields.Problem);
        return retryAfter;
    }

    /// <summary>What may stop a message once its code is kept: others of the address that were faster, or the gateway.</summary>
    private sealed class Fault : IRequestLimiter, ISmsSender
    {
        public bool IsAddressAtItsLimit { get; set; }

        public bool IsGatewayDown { get; set; }

        public ConcurrentQueue<string> Messages { get; } = new();

        public bool HasRoom(Session session, RateLimit limit, out TimeSpan retryAfter)
        {
            retryAfter = default;
            return true;
        }

        public bool TryAcquire(Session session, RateLimit limit, out TimeSpan retryAfter)
        {
            retryAfter = TimeSpan.FromSeconds(1);
            return limit != RateLimit.SendCode || !IsAddressAtItsLimit;
        }

        public void NoteCodeUsed(Session session)
        {
        }

        public ValueTask SendAsync(string phone, string text)
        {
            if (IsGatewayDown)
                throw new SmsNotSentException("the SMS gateway is down", new IOException());
            Messages.Enqueue(text);
            return ValueTask.CompletedTask;
        }
    }
}
