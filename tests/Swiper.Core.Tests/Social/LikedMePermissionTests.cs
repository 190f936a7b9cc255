using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Swiper.Bench.Hosting;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;
using Swiper.Core.Tests.Dispatch;
using Swiper.Core.Tests.Fuzz;
using Swiper.Core.Vip;

namespace Swiper.Core.Tests.Social;

public sealed class LikedMePermissionTests
{
    [Fact]
    public void Without_the_permission_nothing_is_read_and_its_name_is_told()
    {
        var connection = new TestConnection();
        new SessionRegistry().SignIn(connection.Session, new Identity(Uid: 7, TokenId: 1, Expires: long.MaxValue));
        var others = Enum.GetValues<Permission>().Except([Permission.WhoLikedMe]).ToHashSet();
        // Whoever reads learns that the stores are down.
        var dispatcher = new Dispatcher(
            AllSlices.Table(), new PermissionPolicy(others), new NoLimiter(), NullLogger<Dispatcher>.Instance);
        var output = new ArrayBufferWriter<byte>();
        var frames = new FrameWriter(output);

        Assert.Equal(Dispatched.Done, dispatcher.Dispatch(connection.Session, Wire.Request(1, Opcode.LikedMe), ref frames));

        frames.Flush();
        var refused = Assert.Single(Wire.ReadAll(output.WrittenSpan));
        Assert.Equal((StatusCode.VipRequired, "who_liked_me"), (refused.Status, refused.Message));
    }
}
