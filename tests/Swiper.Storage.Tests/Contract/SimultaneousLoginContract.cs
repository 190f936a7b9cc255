using System.Collections.Concurrent;
using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What <see cref="IAccountRepository"/> promises of logins at the same instant, where codes may be sent at any time.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class SimultaneousLoginContract(ClusterServers servers) : EngineContract(servers)
{
    private const string Code = "123456";

    protected override CodeRules CodeRules => CodeRules.Lifted;

    [Theory, OnEveryEngine]
    public async Task First_logins_of_one_phone_at_the_same_instant_make_one_user(EngineKind engine)
    {
        await StartAsync(engine);
        for (var round = 0; round < 10; round++)
        {
            var phone = NewPhone();
            var logins = new ConcurrentBag<SignIn>();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => LogInAsync(phone, logins))));

            var uid = Assert.Single(logins.Select(login => login.Uid).Distinct());
            Assert.Single(logins, login => login.Created);
            Assert.Equal(phone, (await Engine.Accounts.FindAsync(uid))!.Profile.Phone);
        }
    }

    // Half of them without a nonce: then somebody else may use the code up, for it is the same for all, and another is sent.
    private async Task LogInAsync(string phone, ConcurrentBag<SignIn> logins)
    {
        while (true)
        {
            var fresh = CodeRules.NewCode("192.0.2.1", Now) with { Code = Code };
            Assert.Equal(default, await Engine.Accounts.IssueCodeAsync(phone, fresh));
            var login = await Engine.Accounts.LogInAsync(phone, Code, Random.Shared.Next(2) == 0 ? null : fresh.Nonce, Now);
            if (login.IsOk)
            {
                logins.Add(login.Value);
                return;
            }
            Assert.Equal(StatusCode.BadCode, login.Failure.Code);
        }
    }
}
