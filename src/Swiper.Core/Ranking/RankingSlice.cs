using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Friends;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

/// <summary>The boards.</summary>
public sealed class RankingSlice(IBoardRepository boards, IAccountRepository accounts, IBlockRepository blocks, TimeProvider clock)
    : ISlice
{
    public void Map(OpcodeTable table)
    {
        var people = new BoardPeople(accounts);
        table
            .Defer(Opcode.Top, new TopHandler(new TopBoards(boards, people, clock)), new() { MayRepeat = true })
            .Defer(Opcode.RankOf, new RankOfHandler(boards, accounts), new()
            {
                MayRepeat = true,
                Failures = [StatusCode.NoSuchUser],
            })
            .Defer(Opcode.Around, new AroundHandler(boards, accounts, blocks, people), new()
            {
                MayRepeat = true,
                Failures = [StatusCode.NoSuchUser],
            });
    }
}
