using System.Text.Json;
using Swiper.Compare.Processes;
using Swiper.Compare.Protocols;
using Swiper.Compare.Rows;
using Swiper.Core.Social;
using Swiper.Load.Wire;

namespace Swiper.Compare.Peers;

/// <summary>A rival that answers in JSON, under the same load client as Swiper.</summary>
internal sealed class JsonJobServer : IJobServer
{
    public const string EchoText = "the same 32 bytes for all rivals";

    /// <summary>Of <c>bench/peers/Shared/Town.cs</c>.</summary>
    private const int People = 20_000;

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly ServerProcess _process;
    private readonly IJsonProtocol _protocol;
    private readonly TownSwipes _swipes;

    /// <param name="project">Of <c>bench/peers</c>.</param>
    /// <param name="protocol">How it is spoken to.</param>
    private JsonJobServer(string project, IJsonProtocol protocol)
    {
        _protocol = protocol;
        _swipes = new TownSwipes(protocol.Swipe, People, Loads.Connections, SwipePairs.HalfLikes);
        _process = Peer.Start(project, project);
        try
        {
            _process.WaitUntil(endpoint => Connect().Dispose(), StartPatience);
            CheckJobs();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static JsonJobServer HttpJson() => new("Swiper.Peers.HttpJson", new HttpJsonProtocol());

    public static JsonJobServer SignalR() => new("Swiper.Peers.SignalR", new HubProtocol());

    public Reading Echo(int inFlight, Pace pace) => Run(new RepeatedBytes(_protocol.Echo(EchoText)), inFlight, pace);

    public Reading Top50(Pace pace) => Run(new RepeatedBytes(_protocol.Top50), Loads.Pipelined, pace);

    public Reading Swipes(Pace pace) => Run(_swipes, Loads.Pipelined, pace);

    /// <summary>The server's answer to one echo.</summary>
    public string? AskEcho(string text) => Ask(_protocol.Echo(text)).GetString();

    public IReadOnlyList<JsonElement> AskTop50() => [.. Ask(_protocol.Top50).EnumerateArray()];

    public (bool Matched, bool Repeated) AskSwipe(long uid, long sid, SwipeKind kind)
    {
        var request = new byte[_protocol.Swipe.Size];
        _protocol.Swipe.Write(request, uid, sid, (int)kind);
        var outcome = Ask(request);
        return (outcome.GetProperty("matched").GetBoolean(), outcome.GetProperty("repeated").GetBoolean());
    }

    public void Dispose() => _process.Dispose();

    // A rival that does not do its job could look fast.
    private void CheckJobs()
    {
        if (AskEcho(EchoText) != EchoText)
            throw new InvalidOperationException($"{_process.Name} returned a wrong echo");
        var scores = AskTop50().Select(person => person.GetProperty("score").GetInt32()).ToArray();
        if (scores.Length != 50 || !scores.SequenceEqual(scores.OrderDescending()))
            throw new InvalidOperationException($"{_process.Name} did not return the first 50");
        if (AskSwipe(People, People - 1, SwipeKind.Like).Matched || !AskSwipe(People - 1, People, SwipeKind.Like).Matched)
            throw new InvalidOperationException($"{_process.Name} did not report a match");
    }

    private Reading Run(IRequestSource requests, int inFlight, Pace pace)
    {
        using var connections = new LoadConnections();
        for (var i = 0; i < Loads.Connections; i++)
            _protocol.ShakeHands(connections.Open(_process.EndPoint));
        return Loads.Run(connections, _process.Group, new LoadPlan(inFlight, requests, _protocol.NewReplies(), pace.WarmUp, pace.Window));
    }

    private JsonElement Ask(byte[] request)
    {
        using var connection = Connect();
        var replies = _protocol.NewReplies();
        return _protocol.ResultOf(connection.Ask(request, bytes => replies.Count(bytes, out _) > 0));
    }

    private LoadConnection Connect()
    {
        var connection = LoadConnection.Open(_process.EndPoint);
        try
        {
            _protocol.ShakeHands(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
