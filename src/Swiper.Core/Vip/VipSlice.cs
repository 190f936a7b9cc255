using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Vip;

/// <summary>VIP levels: what they are, and one's own.</summary>
public sealed class VipSlice(IVipRepository vip, PermissionPolicy permissions, TimeProvider clock) : ISlice
{
    public void Map(OpcodeTable table) => table
        .Answer(Opcode.VipLevels, new VipLevelsHandler(vip), new() { Cost = RequestCost.Memory, MayRepeat = true })
        .Answer(Opcode.MyVip, new MyVipHandler(vip, permissions, clock), new() { Cost = RequestCost.Memory, MayRepeat = true })
        .Push<VipPush>(Opcode.Vip, "The user's VIP level has begun, changed, been extended or ended. `my_vip` tells what it grants.");
}
