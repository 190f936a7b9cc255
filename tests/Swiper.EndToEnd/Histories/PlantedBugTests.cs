using Swiper.Core.Protocol;
using Swiper.EndToEnd.Running;
using Swiper.Local;

namespace Swiper.EndToEnd.Histories;

/// <summary>
/// Bugs that a server might have, planted between people and a real one, which has none: the history that they record is impossible,
/// and without the bug it is not.
/// </summary>
public sealed class PlantedBugTests(PlantedBugTests.Town town) : IClassFixture<PlantedBugTests.Town>
{
    private const int People = 18;
    private const int Plays = 6;

    [Fact]
    public async Task Without_a_bug_everything_is_explained() => Assert.Empty(await PlayAsync(static server => server));

    [Fact]
    public async Task A_reply_before_the_commit_that_then_fails() =>
        AssertFound(await PlayAsync(static server => new AnswersWithoutCommitting(server)), "<== impossible");

    [Fact]
    public async Task A_like_that_is_lost_between_commit_and_index() =>
        AssertFound(await PlayAsync(static server => new LosesLikesFromTheIndex(server)), "LikedMe");

    [Fact]
    public async Task A_match_that_is_pushed_twice() =>
        AssertFound(await PlayAsync(static server => new PushesMatchesTwice(server)), "Matched");

    [Fact]
    public async Task A_rewind_beyond_those_of_the_day() =>
        AssertFound(await PlayAsync(static server => new LetsRewindsPass(server)), "rewind");

    // Robots have unlimited likes: that is the bug, if they are to have fewer.
    [Fact]
    public async Task A_like_beyond_those_of_the_day() =>
        AssertFound(await PlayAsync(static server => server, likesADay: 1), "swipe");

    private static void AssertFound(IReadOnlyList<string> problems, string sign)
    {
        Assert.NotEmpty(problems);
        TestContext.Current.TestOutputHelper!.WriteLine(problems.First(problem => problem.Contains(sign, StringComparison.Ordinal)));
    }

    private async Task<IReadOnlyList<string>> PlayAsync(Func<IServer, IServer> plant, int likesADay = int.MaxValue)
    {
        var history = new History(rewindsEnd: true);
        var company = new Company(history, town.Stage) { Plant = plant };
        await company.PlayAsync(town.NextPeople(), seed: 1);
        await company.EndAsync(town.Stage.AtRestAsync, town.Stage.QueryAsync);
        return history.Problems(likesADay);
    }

    /// <summary>A server, and new people on it for each play.</summary>
    public sealed class Town : IAsyncLifetime
    {
        private readonly ScratchFolder _data = new("end-to-end");
        private IReadOnlyList<(long Uid, string Token)> _people = [];
        private int _plays;

        internal OneHost Stage { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var tokens = await TestHost.MakeRobotsAsync(_data, People * Plays);
            Stage = await OneHost.StartAsync(_data);
            _people = await Stage.IntroduceAsync(tokens);
        }

        public async ValueTask DisposeAsync()
        {
            await Stage.DisposeAsync();
            _data.Dispose();
        }

        internal (long Uid, string Token)[] NextPeople() => [.. _people.Skip(People * _plays++).Take(People)];
    }

    private sealed class AnswersWithoutCommitting(IServer server) : IServer
    {
        private int _swipes;

        // Every fifth swipe of a connection.
        public Task<Answer?> AskAsync(Call call) => call.IsSwipe && ++_swipes % 5 == 1
            ? Task.FromResult<Answer?>(new Answer(StatusCode.Ok)) : server.AskAsync(call);
    }

    private sealed class LosesLikesFromTheIndex(IServer server) : IServer
    {
        public async Task<Answer?> AskAsync(Call call)
        {
            var answer = await server.AskAsync(call);
            return call.Deed == Deed.LikedMe && answer is not null
                ? answer with { People = answer.People.Order().Skip(1).ToHashSet() } : answer;
        }
    }

    private sealed class PushesMatchesTwice(IServer server) : IServer
    {
        public async Task<Answer?> AskAsync(Call call)
        {
            var answer = await server.AskAsync(call);
            if (call.Deed != Deed.Pushes || answer?.Pushes.FirstOrDefault(push => push.Opcode == Opcode.Matched) is not { Seq: > 0 } match)
                return answer;
            return answer with { Pushes = [.. answer.Pushes, match with { Seq = answer.Pushes.Count + 1 }] };
        }
    }

    private sealed class LetsRewindsPass(IServer server) : IServer
    {
        private Answer? _last;

        public async Task<Answer?> AskAsync(Call call)
        {
            var answer = await server.AskAsync(call);
            if (call.Deed != Deed.Rewind)
                return answer;
            return answer?.Code == StatusCode.RewindLimit && _last is not null ? _last with { RewindsLeft = 0 } : _last = answer;
        }
    }
}
