using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.EndToEnd.Connections;
using Swiper.EndToEnd.Running;
using Swiper.Local.Hosts;

namespace Swiper.EndToEnd.Histories;

/// <summary>Answers what is asked on one connection: the seam at which tests plant bugs.</summary>
internal interface IServer
{
    /// <summary>Null where the reply leaves open whether it happened.</summary>
    /// <exception cref="SwiperConnectionException">The connection is lost.</exception>
    Task<Answer?> AskAsync(Call call);
}

/// <summary>A connection to a host.</summary>
internal sealed class Server : IServer, IAsyncDisposable
{
    // What the server may not answer, whatever is asked of it here.
    private static readonly StatusCode[] Faults =
        [StatusCode.InternalError, StatusCode.BadParams, StatusCode.DataError, StatusCode.UnknownOpcode, StatusCode.LoginRequired];

    private readonly ChildHost _host;
    private readonly string _token;
    private readonly SwiperClient _client;
    private readonly PushInbox _pushes;

    private Server(ChildHost host, string token, SwiperClient client)
    {
        (_host, _token, _client) = (host, token, client);
        _pushes = new PushInbox(client);
    }

    public static async Task<Server> ConnectAsync(ChildHost host, string token)
    {
        var client = await host.ConnectAsync();
        try
        {
            await client.ResumeAsync(token, lastPushSeq: 0);
            return new Server(host, token, client);
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    public async Task<Answer?> AskAsync(Call call) => call.Deed switch
    {
        Deed.Like or Deed.Superlike or Deed.Dislike => Answered(
            await _client.TrySwipeAsync(call.Other, (SwipeKind)call.Deed),
            static swipe => new Answer(StatusCode.Ok) { Matched = swipe.Matched, Repeated = swipe.Repeated }),
        Deed.Rewind => Answered(
            await _client.TryRewindAsync(),
            static rewind => new Answer(StatusCode.Ok) { Sid = rewind.Sid, Kind = (Deed)rewind.Kind, RewindsLeft = rewind.LeftToday }),
        Deed.Friend => Answered(await _client.TryFriendAsync(call.Other)),
        Deed.Unfriend => Answered(await _client.TryUnfriendAsync(call.Other)),
        Deed.Block => Answered(await _client.TryBlockAsync(call.Other)),
        Deed.Unblock => Answered(await _client.TryUnblockAsync(call.Other)),
        Deed.LikedMe => Answered(
            await _client.TryLikedMeAsync(limit: 100),
            static likes => new Answer(StatusCode.Ok) { People = likes.Likes.Select(like => like.Uid).ToHashSet() }),
        Deed.Deck => Answered(
            await _client.TryDeckAsync(count: 100),
            static deck => new Answer(StatusCode.Ok) { People = deck.People.Select(person => person.Uid).ToHashSet() }),
        Deed.UndoLeft => Answered(
            await _client.TryUndoLeftAsync(),
            static left => new Answer(StatusCode.Ok) { RewindsLeft = left.RewindsLeft, LikesLeft = left.LikesLeft }),
        Deed.Pushes => await PushesAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call, "nothing that a server can be asked"),
    };

    /// <summary>Closes it; answers the numbered pushes that came on it.</summary>
    public async Task<IReadOnlyList<SeenPush>> CloseAsync() =>
    [
        .. (await _pushes.RestAsync()).Select(push => push switch
        {
            SwiperPush.Matched matched => new SeenPush(matched.Seq, Opcode.Matched, matched.Uid),
            SwiperPush.Superliked superliked => new SeenPush(superliked.Seq, Opcode.Superliked, superliked.Uid),
            SwiperPush.Unmatched unmatched => new SeenPush(unmatched.Seq, Opcode.Unmatched, unmatched.Uid),
            _ => default,
        }).Where(push => push.Seq > 0),
    ];

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _pushes.DisposeAsync();
    }

    private static Answer? Answered<T>(Outcome<T> outcome, Func<T, Answer>? read = null)
    {
        if (outcome.IsOk)
            return read is null ? new Answer(StatusCode.Ok) : read(outcome.Value);
        Assert.DoesNotContain(outcome.Failure.Code, Faults);
        return outcome.Failure.Code == StatusCode.Unavailable ? null : new Answer(outcome.Failure.Code);
    }

    /// <summary>On a connection of its own, frame by frame, because the client leaves out what comes twice.</summary>
    private async Task<Answer?> PushesAsync()
    {
        await using var connection = await FrameConnection.OpenAsync(_host);
        var (before, _) = await connection.ResumeAsync(_token, lastPushSeq: 0);
        return new Answer(StatusCode.Ok)
        {
            Pushes =
            [
                .. before.Select(frame =>
                {
                    var fields = new FieldReader(frame.Content);
                    return new SeenPush(frame.Code, (Opcode)frame.Id, fields.Int64("uid"));
                }),
            ],
        };
    }
}
