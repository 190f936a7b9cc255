using Grpc.Core;
using Swiper.Peers.Jobs;

namespace Swiper.Peers;

internal sealed class SwipingService(Town town) : JobService.JobServiceBase
{
    private readonly CachedForASecond<TopReply> _top = new(() => TopOf(town));

    public override Task<EchoMessage> Echo(EchoMessage request, ServerCallContext context) => Task.FromResult(request);

    public override Task<TopReply> Top(TopRequest request, ServerCallContext context) => Task.FromResult(_top.Value);

    public override Task<SwipeReply> Swipe(SwipeRequest request, ServerCallContext context) =>
        town.Swipe(request.Uid, request.Sid, request.Kind) is { } outcome
            ? Task.FromResult(new SwipeReply { Matched = outcome.Matched, Repeated = outcome.Repeated })
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "no such swipe"));

    private static TopReply TopOf(Town town)
    {
        var reply = new TopReply();
        foreach (var person in town.Top())
        {
            reply.People.Add(new TopPerson
            {
                Rank = person.Rank,
                Uid = person.Uid,
                Score = person.Score,
                Nickname = person.Nickname,
                Avatar = person.Avatar,
            });
        }
        return reply;
    }
}
