using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Friends;

/// <summary>Friends, and people with whom one wants nothing to do.</summary>
public sealed class FriendsSlice(
    IFriendRepository friends, IBlockRepository blocks, IReportRepository reports, IAccountRepository accounts, IPageCursors cursors,
    TimeProvider clock) : ISlice
{
    private readonly FriendPages _pages = new(blocks, accounts, cursors);

    public void Map(OpcodeTable table) => table
        .Defer(Opcode.Friends, new FriendsHandler(friends, cursors, _pages), new() { MayRepeat = true })
        .Defer(Opcode.Friend, new FriendHandler(friends, blocks, accounts, clock), new()
        {
            MayRepeat = true,
            Failures = [StatusCode.NotFriends, StatusCode.NoSuchUser, StatusCode.Blocked],
        })
        .Defer(Opcode.Unfriend, new UnfriendHandler(friends, accounts, clock), new()
        {
            Cost = RequestCost.Write,
            Failures = [StatusCode.NotFriends, StatusCode.NoSuchUser],
        })
        .Defer(Opcode.CommonFriends, new CommonFriendsHandler(friends, blocks, accounts, cursors, _pages), new()
        {
            MayRepeat = true,
            Failures = [StatusCode.NotFriends, StatusCode.NoSuchUser, StatusCode.Blocked],
        })
        .Defer(Opcode.Block, new BlockHandler(blocks, accounts, clock), new()
        {
            Cost = RequestCost.Write,
            MayRepeat = true,
            Failures = [StatusCode.NoSuchUser, StatusCode.BlockLimit],
        })
        .Defer(Opcode.Unblock, new UnblockHandler(blocks, accounts, clock), new()
        {
            Cost = RequestCost.Write,
            MayRepeat = true,
            Failures = [StatusCode.NoSuchUser],
        })
        .Defer(Opcode.Blocked, new BlockedHandler(blocks, accounts, cursors), new() { MayRepeat = true })
        .Defer(Opcode.Report, new ReportHandler(reports, accounts, clock), new()
        {
            Cost = RequestCost.Write,
            MayRepeat = true,
            Failures = [StatusCode.NoSuchUser, StatusCode.Throttled],
        })
        .Push<UnmatchedPush>(Opcode.Unmatched, "The friendship with another user has ended.");
}
