using Swiper.Bench.Load;
using Swiper.Bench.Processes;
using Swiper.Bench.Requests;
using Swiper.Core.Social;

namespace Swiper.Bench.Rows;

/// <summary>The loads that the rows put on their servers.</summary>
internal static class Loads
{
    public const int Connections = 64;

    /// <summary>In flight a connection where the client pipelines.</summary>
    public const int Pipelined = 16;

    private static readonly SwipeKind[] SwipeKinds = [SwipeKind.Like, SwipeKind.Dislike];

    /// <summary>The same echo frames to a server that gives back bytes.</summary>
    public static Reading BareEcho(ServerProcess server, int inFlight, Pace pace)
    {
        var requests = RepeatedRequests.Echo();
        using var connections = LoadConnections.Open(server.EndPoint, Connections);
        return Reading.Of(Run(connections, server, new LoadPlan(inFlight, requests, new FixedSizeReplies(requests.FrameSize), pace.WarmUp, pace.Window)));
    }

    /// <summary>Requests that need no session.</summary>
    public static Reading Anonymous(SwiperHost swiper, IRequestSource requests, int inFlight, Pace pace)
    {
        using var connections = LoadConnections.Open(swiper.Process.EndPoint, Connections);
        return RunFramed(connections, swiper.Process, requests, inFlight, pace);
    }

    /// <summary>Requests of users, one a connection.</summary>
    public static Reading SignedIn(SwiperHost swiper, IRequestSource requests, Pace pace)
    {
        var (connections, _) = swiper.Robots.SignIn(swiper.Process.EndPoint, Connections);
        using (connections)
            return RunFramed(connections, swiper.Process, requests, Pipelined, pace);
    }

    /// <summary>Swipes of pairs that were never swiped, by users who have not swiped yet.</summary>
    public static Reading Swipes(SwiperHost swiper, long[] people, Pace pace)
    {
        var (connections, uids) = swiper.Robots.SignIn(swiper.Process.EndPoint, Connections);
        using (connections)
            return RunFramed(connections, swiper.Process, new SwipeRequests(uids, people, SwipeKinds), Pipelined, pace);
    }

    private static Reading RunFramed(LoadConnections connections, ServerProcess server, IRequestSource requests, int inFlight, Pace pace)
    {
        var replies = new FramedReplies();
        var figures = Run(connections, server, new LoadPlan(inFlight, requests, replies, pace.WarmUp, pace.Window));
        return replies.Refused == 0
            ? Reading.Of(figures)
            : throw new InvalidOperationException($"{replies.Refused} requests were refused, the first with code {replies.FirstRefusal}");
    }

    private static LoadFigures Run(LoadConnections connections, ServerProcess server, LoadPlan plan)
    {
        using var loop = new LoadLoop(connections.All, plan);
        return loop.Run(server.CpuTime);
    }
}
