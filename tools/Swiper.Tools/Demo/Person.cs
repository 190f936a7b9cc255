using System.Collections.Concurrent;
using System.Net;
using Swiper.Client;
using Swiper.Core.Protocol;
using Swiper.Local.Hosts;

namespace Swiper.Tools.Demo;

/// <summary>A signed-in user with its own connection, which counts its replies and pushes.</summary>
internal sealed class Person : IAsyncDisposable
{
    private readonly SwiperClient _client;
    private readonly Tally _tally;
    private readonly Task _pushes;

    private Person(SwiperClient client, string name, Sex sex, Tally tally)
    {
        _client = client;
        _tally = tally;
        Uid = client.Uid!.Value;
        Name = name;
        Sex = sex;
        _pushes = ReadPushesAsync();
    }

    public long Uid { get; }

    public string Name { get; }

    public Sex Sex { get; }

    public SwiperClient Client => _client;

    /// <summary>A request was never answered: the demo has failed for this user.</summary>
    public bool IsLost { get; private set; }

    /// <summary>The partners named by pushes 701, with repetitions.</summary>
    public ConcurrentQueue<long> MatchedWith { get; } = new();

    /// <summary>Signs a new user up: code, login, profile.</summary>
    /// <exception cref="DemoException">The server refused; the message says why.</exception>
    public static async Task<Person> SignInAsync(
        IPEndPoint server, SmsOutbox outbox, string phone, ProfileChange profile, Tally tally, CancellationToken cancellation)
    {
        SwiperClient? client = null;
        try
        {
            client = await SwiperClient.ConnectAsync(
                new SwiperClientOptions
                {
                    Host = server.Address.ToString(), Port = server.Port, UseTls = false, Reconnect = false, ClientName = "swiper-demo",
                    // A user may match everyone else in one burst.
                    PushBuffer = 100_000,
                },
                cancellation);
            await client.RequestCodeAsync(phone, cancellation);
            await client.LogInAsync(phone, outbox.CodeOf(phone), cancellation);
            await client.UpdateProfileAsync(profile, cancellation);
            return new Person(client, profile.Nickname!, profile.Sex!.Value, tally);
        }
        catch (Exception exception)
        {
            if (client is not null)
                await client.DisposeAsync();
            if (exception is SwiperException or SwiperConnectionException or TimeoutException)
                throw new DemoException($"{profile.Nickname} can't sign in: {exception.Message}");
            throw;
        }
    }

    /// <summary>Swipes a person and returns whether that made a match.</summary>
    public async Task<bool> SwipeAsync(long sid, SwipeKind kind)
    {
        var outcome = await AskAsync(Opcode.Swipe, _client.TrySwipeAsync(sid, kind));
        if (!outcome.IsOk)
            return false;
        _tally.CountSwipe(kind);
        if (outcome.Value.Matched)
            _tally.Matches.Enqueue((Uid, sid));
        return outcome.Value.Matched;
    }

    /// <summary>Waits for a reply and counts it. A code other than 0 and those expected is an error, and so is a missing reply.</summary>
    public async Task<Outcome<T>> AskAsync<T>(Opcode opcode, ValueTask<Outcome<T>> call, params StatusCode[] expected)
    {
        try
        {
            var outcome = await call;
            _tally.CountRequest();
            if (!outcome.IsOk && !expected.Contains(outcome.Failure.Code))
                _tally.CountError($"{opcode}: {(int)outcome.Failure.Code} {outcome.Failure.Code} {outcome.Failure.Message}");
            return outcome;
        }
        catch (Exception exception) when (exception is SwiperConnectionException or TimeoutException or ObjectDisposedException)
        {
            IsLost = true;
            _tally.CountError(exception is TimeoutException
                ? $"{opcode}: {exception.Message}"
                : $"{opcode}: the connection was lost before the reply");
            return new Failure(StatusCode.Unavailable, exception.Message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _pushes;
    }

    private async Task ReadPushesAsync()
    {
        try
        {
            await foreach (var push in _client.Pushes)
            {
                if (push is not SwiperPush.Matched match)
                    continue;
                MatchedWith.Enqueue(match.Uid);
                _tally.CountMatchedPush();
            }
        }
        catch (SwiperConnectionException)
        {
            // The next request fails and is counted.
        }
    }
}
