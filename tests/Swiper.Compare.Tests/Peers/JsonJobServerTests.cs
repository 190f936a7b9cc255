using System.Text.Json;
using Swiper.Compare.Peers;
using Swiper.Compare.Rows;
using Swiper.Core.Social;

namespace Swiper.Compare.Tests.Peers;

/// <summary>Common behaviour of rivals that answer in JSON. One server for all tests, because its start takes most of the time.</summary>
public abstract class JsonJobServerTests
{
    private static readonly Pace Moment = new(TimeSpan.Zero, TimeSpan.FromSeconds(0.2));

    private readonly JsonJobServer _server;

    private protected JsonJobServerTests(JsonJobServer server) => _server = server;

    [Fact]
    public void Gives_back_what_it_was_sent()
    {
        Assert.Equal("anything else", _server.AskEcho("anything else"));
        Assert.Equal("", _server.AskEcho(""));
    }

    [Fact]
    public void Shows_fifty_people_in_order_with_their_names()
    {
        var people = _server.AskTop50();

        Assert.Equal(Enumerable.Range(1, 50).Select(rank => (long)rank), people.Select(person => Number(person, "rank")));
        Assert.Equal(people.Select(person => Number(person, "score")).OrderDescending(), people.Select(person => Number(person, "score")));
        Assert.All(people, person => Assert.NotEmpty(person.GetProperty("nickname").GetString()!));
        Assert.Equal(50, people.Select(person => Number(person, "uid")).Distinct().Count());
    }

    [Fact]
    public void Finds_a_match_and_repeats_its_answer()
    {
        Assert.Equal((false, false), _server.AskSwipe(101, 102, SwipeKind.Like));
        Assert.Equal((true, false), _server.AskSwipe(102, 101, SwipeKind.Like));
        Assert.Equal((true, true), _server.AskSwipe(102, 101, SwipeKind.Like));
        Assert.Equal((false, true), _server.AskSwipe(101, 102, SwipeKind.Like));
        Assert.Equal((false, false), _server.AskSwipe(103, 104, SwipeKind.Like));
        Assert.Equal((false, false), _server.AskSwipe(104, 103, SwipeKind.Dislike));
    }

    [Fact]
    public void Refuses_what_is_no_swipe()
    {
        Assert.Throws<InvalidDataException>(() => _server.AskSwipe(101, 101, SwipeKind.Like));
        Assert.Throws<InvalidDataException>(() => _server.AskSwipe(101, 99_999, SwipeKind.Like));
        Assert.Throws<InvalidDataException>(() => _server.AskSwipe(101, 105, (SwipeKind)9));
    }

    // A request without a reply, or one reply too many, ends a load with an error.
    [Theory]
    [InlineData(nameof(JsonJobServer.Echo), 1)]
    [InlineData(nameof(JsonJobServer.Echo), 16)]
    [InlineData(nameof(JsonJobServer.Top50), 16)]
    [InlineData(nameof(JsonJobServer.Swipes), 16)]
    public void Answers_every_request_of_a_load(string job, int inFlight) => Assert.Null(Record.Exception(() => job switch
    {
        nameof(JsonJobServer.Echo) => _server.Echo(inFlight, Moment),
        nameof(JsonJobServer.Top50) => _server.Top50(Moment),
        _ => _server.Swipes(Moment),
    }));

    private static long Number(JsonElement person, string field) => person.GetProperty(field).GetInt64();
}

public sealed class HttpJsonTests(HttpJsonTests.Server server) : JsonJobServerTests(server.Started), IClassFixture<HttpJsonTests.Server>
{
    public sealed class Server : IDisposable
    {
        internal JsonJobServer Started { get; } = JsonJobServer.HttpJson();

        public void Dispose() => Started.Dispose();
    }
}

public sealed class SignalRTests(SignalRTests.Server server) : JsonJobServerTests(server.Started), IClassFixture<SignalRTests.Server>
{
    public sealed class Server : IDisposable
    {
        internal JsonJobServer Started { get; } = JsonJobServer.SignalR();

        public void Dispose() => Started.Dispose();
    }
}
