using Swiper.Client;
using Swiper.Core.Protocol;

namespace Swiper.Load.Scenarios;

/// <summary>Every request on a leaderboard.</summary>
public sealed class LeaderboardScenario : SteadyScenario
{
    public override string Name => "leaderboard";

    public override string Description => "leaderboard: the top 50, the user's own rank and neighbours";

    public override IReadOnlyList<string> Steps { get; } = ["top", "rank_of", "around"];

    protected override ValueTask<StepOutcome> AskAsync(SwiperClient client, int step) => step switch
    {
        0 => AskAsync(client, Opcode.Top, new TopRequest(BoardName.All, TopRequest.DefaultN)),
        1 => AskAsync(client, Opcode.RankOf, new RankOfRequest(BoardName.All, null)),
        _ => AskAsync(client, Opcode.Around, new AroundRequest(BoardName.All, null, AroundRequest.DefaultN)),
    };
}
