using Swiper.Core.Accounts;
using Swiper.Core.Dispatch;
using Swiper.Core.Protocol;

namespace Swiper.Core.Ranking;

/// <summary>The boards.</summary>
public sealed class RankingSlice(IBoardRepository boards, IAccountRepository accounts, TimeProvider clock) : ISlice
{
    public void Map(OpcodeTable table)
    {
        var people = new BoardPeople(accounts);
        table
            .Defer(Opcode.Top, Access.SignedIn, new TopHandler(new TopBoards(boards, people, clock)))
            .Defer(Opcode.RankOf, Access.SignedIn, new RankOfHandler(boards))
            .Defer(Opcode.Around, Access.SignedIn, new AroundHandler(boards, people));
    }
}
