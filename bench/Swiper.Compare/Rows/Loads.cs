using System.Net;
using Swiper.Compare.Processes;
using Swiper.Core.Protocol;
using Swiper.Load.Wire;
using Swiper.Local.Measuring;
using Swiper.Local.Processes;

namespace Swiper.Compare.Rows;

/// <summary>The loads of the rows.</summary>
internal static class Loads
{
    public const int Connections = 64;

    /// <summary>Concurrent users in an evening.</summary>
    public const int EveningConnections = 500;

    /// <summary>Requests in flight per connection when pipelining.</summary>
    public const int Pipelined = 16;

    /// <summary>Requests in flight per connection to saturate the bottleneck.</summary>
    public const int Saturating = 64;

    /// <summary>The same echo frames to a server that echoes raw bytes.</summary>
    public static Reading BareEcho(ServerProcess server, int inFlight, Pace pace)
    {
        var requests = RepeatedRequests.Echo();
        using var connections = LoadConnections.Open(server.EndPoint, Connections);
        return Run(connections, server.Group,
            new LoadPlan(inFlight, requests, new FixedSizeReplies(requests.FrameSize), pace.WarmUp, pace.Window));
    }

    /// <summary>Requests that need no session.</summary>
    public static Reading Anonymous(SwiperHost swiper, IRequestSource requests, int inFlight, Pace pace)
    {
        using var connections = LoadConnections.Open(swiper.EndPoint, Connections);
        return RunFramed(connections, swiper, requests, inFlight, pace);
    }

    /// <summary><see cref="BareEcho"/> over TLS.</summary>
    public static Reading BareEchoOverTls(ServerProcess server, int inFlight, Pace pace)
    {
        var requests = RepeatedRequests.Echo();
        using var connections = OpenOverTls(server.EndPoint, Connections);
        return Run(connections, server.Group,
            new LoadPlan(inFlight, requests, new FixedSizeReplies(requests.FrameSize), pace.WarmUp, pace.Window));
    }

    /// <summary><see cref="Anonymous"/> over TLS.</summary>
    public static Reading AnonymousOverTls(SwiperHost swiper, IRequestSource requests, int inFlight, Pace pace)
    {
        using var connections = OpenOverTls(swiper, Connections);
        return RunFramed(connections, swiper, requests, inFlight, pace);
    }

    /// <summary>TLS connections after one echo.</summary>
    public static LoadConnections OpenOverTls(SwiperHost swiper, int count) => OpenOverTls(swiper.TlsEndPoint, count);

    /// <summary>Requests of users, one user per connection.</summary>
    public static Reading SignedIn(SwiperHost swiper, IRequestSource requests, Pace pace, int inFlight = Pipelined)
    {
        var (connections, _) = swiper.Robots.SignIn(swiper.EndPoint, Connections);
        using (connections)
            return RunFramed(connections, swiper, requests, inFlight, pace);
    }

    /// <summary>The top of a board that has that many people.</summary>
    public static Reading Top(Subjects subjects, int count, Pace pace, int inFlight = Pipelined)
    {
        subjects.FillBoard();
        return SignedIn(subjects.Swiper, RepeatedRequests.Top(count), pace, inFlight);
    }

    /// <summary>Swipes of new pairs, by users who have not swiped yet.</summary>
    public static Reading Swipes(SwiperHost swiper, long[] people, Pace pace, int inFlight = Pipelined)
    {
        var (connections, uids) = swiper.Robots.SignIn(swiper.EndPoint, Connections);
        using (connections)
            return RunFramed(connections, swiper, new PairRequests(Opcode.Swipe, uids, people, SwipePairs.HalfLikes), inFlight, pace);
    }

    /// <summary>Blocks of new pairs: a record each.</summary>
    public static Reading Blocks(SwiperHost swiper, long[] people, Pace pace)
    {
        var (connections, uids) = swiper.Robots.SignIn(swiper.EndPoint, Connections);
        using (connections)
            return RunFramed(connections, swiper, new PairRequests(Opcode.Block, uids, people), Pipelined, pace);
    }

    /// <summary>The same at a fixed rate; latencies count from when each request was due.</summary>
    public static LatencyHistogram SwipesAt(double perSecond, SwiperHost swiper, long[] people, Pace pace) =>
        Paced(perSecond, swiper, Connections, uids => new PairRequests(Opcode.Swipe, uids, people, SwipePairs.HalfLikes), pace);

    /// <summary>Evening traffic in a closed loop: each user waits for a reply, then sends the next request.</summary>
    public static Reading Evening(SwiperHost swiper, long[] people, Pace pace)
    {
        var (connections, uids) = swiper.Robots.SignIn(swiper.EndPoint, EveningConnections);
        using (connections)
            return RunFramed(connections, swiper, new EveningRequests(uids, people), 1, pace);
    }

    /// <summary>The same at a fixed rate, as above.</summary>
    public static LatencyHistogram EveningAt(double perSecond, SwiperHost swiper, long[] people, Pace pace) =>
        Paced(perSecond, swiper, EveningConnections, uids => new EveningRequests(uids, people), pace);

    private static LatencyHistogram Paced(double perSecond, SwiperHost swiper, int count, Func<long[], IRequestSource> requestsOf,
        Pace pace)
    {
        var (connections, uids) = swiper.Robots.SignIn(swiper.EndPoint, count);
        using (connections)
        {
            var replies = new FramedReplies();
            using var loop = new PacedLoop(connections.All, new PacedPlan(perSecond, requestsOf(uids), replies, pace.WarmUp, pace.Window));
            var latencies = loop.Run();
            return replies.Refused == 0 ? latencies : throw Refusal(replies);
        }
    }

    private static InvalidOperationException Refusal(FramedReplies replies) =>
        new($"{replies.Refused} requests were refused, the first with code {replies.FirstRefusal}");

    private static LoadConnections OpenOverTls(IPEndPoint server, int count) =>
        LoadConnections.OpenOverTls(server, count, RepeatedRequests.Echo().Next(connection: 0, count: 1).ToArray());

    private static Reading RunFramed(LoadConnections connections, SwiperHost swiper, IRequestSource requests, int inFlight, Pace pace)
    {
        var replies = new FramedReplies();
        var reading = Run(connections, swiper.Servers, new LoadPlan(inFlight, requests, replies, pace.WarmUp, pace.Window));
        return replies.Refused == 0 ? reading : throw Refusal(replies);
    }

    /// <summary>Any load on any server.</summary>
    public static Reading Run(LoadConnections connections, ServerGroup servers, LoadPlan plan)
    {
        using var loop = new LoadLoop(connections.All, plan);
        return Reading.Of(loop.Run(servers), servers.Names);
    }
}
