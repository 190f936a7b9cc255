using Swiper.Core.Accounts;
using Swiper.Core.Protocol;
using Swiper.Storage.Tests.Cluster;

namespace Swiper.Storage.Tests.Contract;

/// <summary>What becomes of codes that nobody asks for any more.</summary>
[Collection(nameof(ClusterCollection))]
public sealed class CodePruningContract(ClusterServers servers) : EngineContract(servers)
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    protected override TimeProvider Clock => _clock;

    [Theory, OnEveryEngine]
    public async Task Codes_of_a_clock_that_jumped_far_ahead_are_deleted_when_it_is_right_again(EngineKind engine)
    {
        await StartAsync(engine);
        var (nearly, far) = (NewPhone(), NewPhone());
        foreach (var (phone, ahead) in new[] { (nearly, TimeSpan.FromHours(20)), (far, TimeSpan.FromDays(300)) })
            Assert.Equal(default, await Engine.Accounts.IssueCodeAsync(phone, NewCode(Now + (long)ahead.TotalMilliseconds)));

        await ReopenAsync();

        Assert.Equal(StatusCode.CodeTooOften, (await Engine.Accounts.IssueCodeAsync(nearly, NewCode(Now))).Code);
        Assert.Equal(default, await Engine.Accounts.IssueCodeAsync(far, NewCode(Now)));
    }

    private static SentCode NewCode(long now) => CodeRules.NewCode("192.0.2.1", now);
}
