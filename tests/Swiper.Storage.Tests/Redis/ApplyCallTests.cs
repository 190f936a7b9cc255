using Swiper.Core.Social;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Redis;

/// <summary>The argument of Apply.lua goes in pieces that are used again from call to call.</summary>
public sealed class ApplyCallTests
{
    private readonly ApplyCall _call = new();

    [Fact]
    public void A_large_argument_is_cut_and_its_pieces_together_are_what_a_first_call_would_send()
    {
        _ = Pack(firstUid: 1, swipes: 700);
        var again = Pack(firstUid: 500_000, swipes: 300);

        Assert.True(again.Length > 2);
        var fresh = new ApplyCall().Pack(Parts(500_000, 300), now: 1000);
        Assert.Equal(fresh.SelectMany(piece => (byte[])piece!), again.SelectMany(piece => piece));
    }

    [Fact]
    public void Full_pieces_are_used_again_where_the_call_before_has_ended() =>
        Assert.Same(Pack(firstUid: 1, swipes: 300)[0], Pack(firstUid: 500_000, swipes: 300)[0]);

    [Fact]
    public void Only_an_end_that_is_smaller_than_any_piece_is_made_for_each_call()
    {
        var pieces = new HashSet<byte[]>(ReferenceEqualityComparer.Instance);
        for (var swipes = 1; swipes <= 100; swipes++)
            pieces.UnionWith(Pack(firstUid: 1, swipes));
        var again = Enumerable.Range(1, 300).SelectMany(swipes => Pack(firstUid: 500_000, swipes).Where(piece => piece.Length >= 256))
            .Distinct(ReferenceEqualityComparer.Instance).ToArray();

        Assert.Equal(4, again.Count(piece => ((byte[])piece!).Length < 4096));
        Assert.All(again.Where(piece => ((byte[])piece!).Length < 4096), piece => Assert.Contains((byte[])piece!, pieces));
    }

    [Fact]
    public void What_a_call_that_was_given_up_may_still_send_is_never_written_again()
    {
        var givenUp = Pack(firstUid: 1, swipes: 300);
        var asItWas = givenUp.Select(piece => piece.ToArray()).ToArray();
        _call.LosePieces();
        _ = Pack(firstUid: 500_000, swipes: 300);

        Assert.Equal(asItWas, givenUp);
    }

    private byte[][] Pack(long firstUid, int swipes) =>
        Array.ConvertAll(_call.Pack(Parts(firstUid, swipes), now: 1000), piece => (byte[])piece!);

    private static List<BatchPart> Parts(long firstUid, int swipes) =>
    [
        new(new IndexBatch(node: 1, shard: 0, batch: 1, Enumerable.Range(0, swipes)
            .Select(i => new IndexedSwipe(firstUid + i, firstUid - i - 1, SwipeKind.Like, i)).ToArray()), UserGroups.All),
    ];
}
