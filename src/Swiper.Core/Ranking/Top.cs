using System.ComponentModel;
using System.Runtime.CompilerServices;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

public readonly record struct TopRequest(
    [Description("the board")] BoardName Board = BoardName.All,
    [Description("maximum number of people"), Within(1, TopRequest.MaxN)] int N = TopRequest.DefaultN) : IPayload<TopRequest>
{
    public const int DefaultN = 50;
    public const int MaxN = TopBoards.Size;

    public static TopRequest Read(scoped ref FieldReader fields) =>
        new(BoardNames.Read(ref fields), fields.Int32("n", 1, MaxN, DefaultN));

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(2);
        BoardNames.Write(ref writer, Board);
        writer.WriteInt64(N);
    }
}

/// <summary>People of a board in order.</summary>
public readonly struct BoardReply : IPayload<BoardReply>
{
    private readonly TopSnapshot? _snapshot;
    private readonly int _count;

    public BoardReply([Description("the people, best first"), Elements] IReadOnlyList<BoardPerson> people)
    {
        People = people;
        _count = people.Count;
    }

    internal BoardReply(TopSnapshot snapshot, int count)
    {
        People = [];
        _snapshot = snapshot;
        _count = Math.Min(count, snapshot.Count);
    }

    public IReadOnlyList<BoardPerson> People { get; }

    public static BoardReply Read(scoped ref FieldReader fields)
    {
        var people = new List<BoardPerson>();
        while (fields.Left > 0)
            people.Add(BoardPerson.Read(ref fields));
        return new(people);
    }

    public void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(_count);
        if (_snapshot is not null)
        {
            writer.WriteRaw(_snapshot.Encoded(_count));
            return;
        }
        // By index: an interface enumerator would be allocated.
        for (var index = 0; index < People.Count; index++)
            People[index].Write(ref writer);
    }
}

[Description("A user on a board.")]
public sealed record BoardPerson(
    [Description("from 1")] long Rank,
    [Description("the user")] long Uid,
    [Description("the sum of points")] long Score,
    [Description("their name")] string Nickname,
    [Description("their first picture, or empty")] string Avatar)
{
    internal static BoardPerson Read(ref FieldReader fields)
    {
        var person = fields.Elements("person");
        var read = new BoardPerson(
            person.Int64("rank"), person.Int64("uid"), person.Int64("score"), person.String("nickname", int.MaxValue),
            person.String("avatar", int.MaxValue));
        fields.Fail(person.Problem);
        return read;
    }

    internal void Write(ref MessagePackWriter writer)
    {
        writer.WriteArrayHeader(5);
        writer.WriteInt64(Rank);
        writer.WriteInt64(Uid);
        writer.WriteInt64(Score);
        writer.WriteString(Nickname);
        writer.WriteString(Avatar);
    }
}

[Description("Returns the top of a board, at most one second old.")]
internal sealed class TopHandler(TopBoards boards) : IDeferredHandler<TopRequest, BoardReply>
{
    public ValueTask<Outcome<BoardReply>> HandleAsync(Session session, TopRequest request)
    {
        var snapshot = boards.GetAsync(request.Board);
        return snapshot.IsCompletedSuccessfully
            ? ValueTask.FromResult<Outcome<BoardReply>>(new BoardReply(snapshot.Result, request.N))
            : AnswerLaterAsync(snapshot, request.N);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<Outcome<BoardReply>> AnswerLaterAsync(ValueTask<TopSnapshot> snapshot, int n) =>
        new BoardReply(await snapshot, n);
}
