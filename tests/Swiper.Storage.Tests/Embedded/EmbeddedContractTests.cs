using Swiper.Core.Accounts;
using Swiper.Storage.Tests.Contract;

namespace Swiper.Storage.Tests.Embedded;

// The promises of every repository, kept by the embedded engine.

public sealed class EmbeddedAccountContractTests : AccountContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedSimultaneousLoginContractTests : SimultaneousLoginContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedCodePruningContractTests : CodePruningContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedSwipeContractTests : SwipeContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedFriendContractTests : FriendContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedSocialModelContractTests : SocialModelContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedBlockContractTests : BlockContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedPushContractTests : PushContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedDeckContractTests : DeckContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedLikeContractTests : LikeContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}

public sealed class EmbeddedBoardContractTests : BoardContract
{
    protected override Task<IEngineUnderTest> CreateAsync(TimeProvider clock, CodeRules rules) =>
        EmbeddedUnderTest.CreateAsync(clock, rules);
}
