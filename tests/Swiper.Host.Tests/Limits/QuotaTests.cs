using Swiper.Core.Protocol;

namespace Swiper.Host.Tests.Limits;

public sealed class QuotaTests
{
    [Fact]
    public async Task A_user_beyond_a_quota_gets_1005_on_every_connection_and_nobody_else_does()
    {
        const int Most = 5;
        await using var host = await TestHost.StartAsync($"Quotas:SearchesPerMinute={Most}");
        host.Slice.Open();
        await using var client = await EnterAsync(host);
        for (var id = 1u; id <= Most; id++)
            Assert.Equal(StatusCode.Ok, (await client.CallAsync(id, TestSlice.Search)).Status);

        var refused = await client.CallAsync(9, TestSlice.Search);
        Assert.Equal((9u, StatusCode.Throttled), (refused.Id, refused.Status));
        Assert.InRange(refused.Number, 1, 60_000 / Most);
        await using (var second = await EnterAsync(host))
            Assert.Equal(StatusCode.Throttled, (await second.CallAsync(1, TestSlice.Search)).Status);

        // Another class, and what is in memory.
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(10, TestSlice.Write)).Status);
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(11, Opcode.Ping)).Status);
    }

    [Fact]
    public async Task Coming_back_does_not_refill_it()
    {
        await using var host = await TestHost.StartAsync("Quotas:SearchesPerMinute=1");
        host.Slice.Open();
        await using (var client = await EnterAsync(host))
        {
            Assert.Equal(StatusCode.Ok, (await client.CallAsync(1, TestSlice.Search)).Status);
            Assert.True(host.Slice.Sessions.TryPeek(out var session));
            client.Reset();
            await Eventually.HoldsAsync(() => !session.IsSignedIn, "the session to end");
        }
        await using var again = await EnterAsync(host);
        Assert.Equal(StatusCode.Throttled, (await again.CallAsync(1, TestSlice.Search)).Status);
    }

    [Fact]
    public async Task They_can_be_lifted_for_load_tests()
    {
        await using var host = await TestHost.StartAsync("Quotas:SearchesPerMinute=1", "Accounts:LiftRateLimits=true");
        host.Slice.Open();
        await using var client = await EnterAsync(host);
        for (var id = 1u; id <= 20; id++)
            Assert.Equal(StatusCode.Ok, (await client.CallAsync(id, TestSlice.Search)).Status);
    }

    private static async Task<TestClient> EnterAsync(TestHost host)
    {
        var client = await host.ConnectAsync();
        Assert.Equal(StatusCode.Ok, (await client.CallAsync(0, TestSlice.Enter)).Status);
        return client;
    }
}
