using Microsoft.Extensions.DependencyInjection;
using Swiper.Core.Accounts;
using Swiper.Core.Friends;
using Swiper.Host.Web;
using Swiper.Storage;

namespace Swiper.Host.Tests.Web;

public sealed class ReportOperationsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_who_were_reported_are_listed_with_masked_phones_until_somebody_decides()
    {
        await using var host = await TestHost.StartAsync();
        using var client = new OperationsClient(host.OperationsSocket);
        var engine = host.Services.GetRequiredService<IStorageEngine>();
        Assert.Empty(await client.GetAsync<ReportsOfUser[]>("reports", Cancellation));
        var people = new long[5];
        for (var i = 0; i < people.Length; i++)
            people[i] = await NewPersonAsync(engine, $"+4915112345{i:D3}");
        for (var i = 1; i < 4; i++)
            await engine.Reports.ReportAsync(people[i], people[0], (ReportReason)i, i == 1 ? null : $"words {i}", now: 1000 * i);
        await engine.Reports.ReportAsync(people[0], people[4], ReportReason.Other, "too", now: 999);

        var users = await client.GetAsync<ReportsOfUser[]>("reports", Cancellation);
        Assert.Equal([people[4], people[0]], users.Select(user => user.Uid));
        Assert.Equal(("+49*********00", "reported", 1000L, 3), (users[1].Phone, users[1].Standing, users[1].Since, users[1].Reporters));
        Assert.NotEqual("", users[1].Nickname);
        Assert.Equal("shown", users[0].Standing);
        Assert.Equal(
            [(people[3], "offensive", "words 3", 3000L), (people[2], "fake", "words 2", 2000L), (people[1], "spam", null, 1000L)],
            users[1].Reports.Select(report => (report.Reporter, report.Reason, report.Text, report.At)));
        Assert.Equal(people[4], Assert.Single(await client.GetAsync<ReportsOfUser[]>("reports?limit=1", Cancellation)).Uid);
        Assert.Equal(2, (await client.GetAsync<ReportsOfUser[]>("reports?limit=1000", Cancellation)).Length);

        await DecideAsync(client, people[0], "remove");
        await DecideAsync(client, people[4], "clear");
        Assert.Empty(await client.GetAsync<ReportsOfUser[]>("reports", Cancellation));
        await engine.Reports.ReportAsync(people[1], people[0], ReportReason.Spam, null, now: 5000);
        Assert.Equal("removed", Assert.Single(await client.GetAsync<ReportsOfUser[]>("reports", Cancellation)).Standing);
    }

    [Theory]
    [InlineData("reports?limit=0", "limit: 0 is not between 1 and 1000")]
    [InlineData("reports?limit=1001", "limit: 1001 is not between 1 and 1000")]
    [InlineData("reports?limit=many", "Failed to bind parameter \"int limit\" from \"many\".")]
    public async Task A_wrong_limit_is_refused(string route, string message)
    {
        await using var host = await TestHost.StartAsync();
        using var client = new OperationsClient(host.OperationsSocket);
        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => client.GetAsync<ReportsOfUser[]>(route, Cancellation));
        Assert.Equal((1, message), (failed.ExitCode, failed.Message));
    }

    [Theory]
    [InlineData(12345, "clear", "nobody has reported a user 12345")]
    [InlineData(12345, "forgive", "decision: expected clear or remove")]
    public async Task A_wrong_decision_is_refused(long uid, string decision, string message)
    {
        await using var host = await TestHost.StartAsync();
        using var client = new OperationsClient(host.OperationsSocket);
        var failed = await Assert.ThrowsAsync<OperationFailedException>(() => DecideAsync(client, uid, decision));
        Assert.Equal((1, message), (failed.ExitCode, failed.Message));
    }

    private static Task<ReportVerdict> DecideAsync(OperationsClient client, long uid, string decision) =>
        client.PostAsync<ReportVerdict, ReportVerdict>($"reports/{uid}", new ReportVerdict(decision), Cancellation);

    private static async Task<long> NewPersonAsync(IStorageEngine engine, string phone)
    {
        var profile = Profile.New(engine.NewUid(), phone, now: 1);
        Assert.True(await engine.CreateUserAsync(profile));
        return profile.Uid;
    }
}
