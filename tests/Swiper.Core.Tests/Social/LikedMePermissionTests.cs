using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Social;
using Swiper.Core.Tests.Dispatch;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Social;

public sealed class LikedMePermissionTests
{
    [Fact]
    public async Task Without_the_permission_nothing_is_read_and_its_name_is_told()
    {
        var connection = new TestConnection();
        new SessionRegistry().SignIn(connection.Session, new Identity(Uid: 7, TokenId: 1, Expires: long.MaxValue));
        var others = Enum.GetValues<Permission>().Except([Permission.WhoLikedMe]).ToHashSet();
        var handler = new LikedMeHandler(new Unread(), new PermissionPolicy(others));

        var refused = await handler.HandleAsync(connection.Session, new LikedMeRequest());

        Assert.Equal(new Failure(StatusCode.VipRequired, "who_liked_me"), refused.Failure);
    }

    private sealed class Unread : ILikeRepository
    {
        public ValueTask<IReadOnlyList<ReceivedLike>> ReadAsync(long uid, LikeCursor? after, int limit) =>
            throw new InvalidOperationException("not to be asked");
    }
}
