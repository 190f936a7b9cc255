using Swiper.Core.Accounts;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Cluster;

// The promises of every repository, kept by the cluster engine.

[Collection(nameof(ClusterCollection))]
public sealed class ClusterAccountContractTests(ClusterServers servers) : AccountContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterSimultaneousLoginContractTests(ClusterServers servers) : SimultaneousLoginContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterCodePruningContractTests(ClusterServers servers) : CodePruningContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterSwipeContractTests(ClusterServers servers) : SwipeContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterFriendContractTests(ClusterServers servers) : FriendContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterSocialModelContractTests(ClusterServers servers) : SocialModelContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterBlockContractTests(ClusterServers servers) : BlockContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterPushContractTests(ClusterServers servers) : PushContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterDeckContractTests(ClusterServers servers) : DeckContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterLikeContractTests(ClusterServers servers) : LikeContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}

[Collection(nameof(ClusterCollection))]
public sealed class ClusterBoardContractTests(ClusterServers servers) : BoardContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        ClusterUnderTest.CreateAsync(servers, clock, rules);
}
