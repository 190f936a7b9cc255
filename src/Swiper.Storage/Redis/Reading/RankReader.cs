using System.Globalization;
using StackExchange.Redis;
using Swiper.Core.Ranking;

namespace Swiper.Storage.Redis.Reading;

/// <summary>
/// Batches rank requests: while one call is in flight the next requests gather, and a server goes through its groups' boards once for all
/// of them. The first is sent at once.
/// </summary>
internal sealed class RankReader(IndexReads reads)
{
    // Each takes Redis some hundred commands, which block all other clients.
    private const int MostAtOnce = 32;

    private readonly Lock _lock = new();
    private readonly Queue<Question> _waiting = [];
    private bool _isAsking;

    /// <inheritdoc cref="IBoardRepository.RankOfAsync"/>
    public Task<IndexAnswer<BoardStanding?>> AskAsync(BoardPeriod board, long uid)
    {
        var question = new Question(board, uid);
        lock (_lock)
        {
            _waiting.Enqueue(question);
            if (_isAsking)
                return question.Answered;
            _isAsking = true;
        }
        _ = AskAllAsync();
        return question.Answered;
    }

    private async Task AskAllAsync()
    {
        while (TakeWaiting() is { Length: > 0 } questions)
        {
            try
            {
                await AskAsync(questions).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                foreach (var question in questions)
                    question.Fail(exception);
            }
        }
    }

    /// <summary>Empty if nobody waits; then the next request starts a new round.</summary>
    private Question[] TakeWaiting()
    {
        lock (_lock)
        {
            var questions = new Question[Math.Min(MostAtOnce, _waiting.Count)];
            for (var i = 0; i < questions.Length; i++)
                questions[i] = _waiting.Dequeue();
            _isAsking = questions.Length > 0;
            return questions;
        }
    }

    // The users' own servers have the places that the others are asked about.
    private async Task AskAsync(Question[] questions)
    {
        // Read the list once, so that all questions go to the same servers even if groups move meanwhile.
        var nodes = reads.Nodes.All;
        await AskAsync(nodes, node => Array.FindAll(questions, question => question.LivesOn(node))).ConfigureAwait(false);
        if (nodes.Count > 1)
            await AskAsync(nodes, node => Array.FindAll(questions, question => question.HasPlace && !question.LivesOn(node)))
                .ConfigureAwait(false);
        foreach (var question in questions)
            question.Answer();
    }

    // Sent concurrently, but awaited one by one, because each question goes to several servers.
    private async Task AskAsync(IReadOnlyList<RedisNode> nodes, Func<RedisNode, Question[]> questionsFor)
    {
        var asked = nodes.Select(node => (Node: node, Questions: questionsFor(node))).Where(asked => asked.Questions.Length > 0).ToArray();
        var answers = await Task.WhenAll(asked.Select(asked => AskAsync(asked.Node, asked.Questions))).ConfigureAwait(false);
        foreach (var ((_, questions), values) in asked.Zip(answers))
        {
            for (var i = 0; i < questions.Length; i++)
            {
                if (values is null)
                    questions[i].IsUnknown = true;
                else
                    questions[i].Hear(values[2 * i], (long)values[2 * i + 1]);
            }
        }
    }

    // A place and a count for each; null if the server can't tell.
    private async Task<RedisValue[]?> AskAsync(RedisNode node, Question[] questions)
    {
        RedisValue[] arguments = [questions.Length, .. questions.SelectMany(question => question.ArgumentsFor(node))];
        return await reads.AskAllAsync(RedisScript.BoardRanks, node, arguments).ConfigureAwait(false) is { } answer
            ? (RedisValue[]?)answer[1] : null;
    }

    private sealed class Question(BoardPeriod board, long uid)
    {
        private readonly TaskCompletionSource<IndexAnswer<BoardStanding?>> _answered =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private RedisValue _place = "";
        private long _better;

        public Task<IndexAnswer<BoardStanding?>> Answered => _answered.Task;

        /// <summary>Some server is unavailable.</summary>
        public bool IsUnknown { get; set; }

        public bool HasPlace => !IsUnknown && !_place.IsNullOrEmpty;

        public bool LivesOn(RedisNode node) => (node.Groups & UserGroups.BitOf(uid)) != 0;

        public RedisValue[] ArgumentsFor(RedisNode node) => [board.ToString(), uid, LivesOn(node) ? UserGroups.Of(uid) : "", _place];

        public void Hear(RedisValue place, long better)
        {
            _place = place;
            _better += better;
        }

        public void Answer() => _answered.SetResult(
            IsUnknown ? default
            : _place.IsNullOrEmpty ? new(null)
            : new(new BoardStanding(_better + 1, uid,
                BoardPlace.ScoreOf(double.Parse(((string?)_place)!, CultureInfo.InvariantCulture)))));

        public void Fail(Exception exception) => _answered.TrySetException(exception);
    }
}
