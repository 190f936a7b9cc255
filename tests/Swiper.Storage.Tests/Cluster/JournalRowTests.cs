using Swiper.Core.Social;
using Swiper.Storage.Cluster.Social;
using Swiper.Storage.Redis;

namespace Swiper.Storage.Tests.Cluster;

/// <summary>The bytes of a journal row, which hosts of other versions read, too.</summary>
public sealed class JournalRowTests
{
    private static readonly IndexedSwipe[] Swipes =
    [
        new(1, 2, SwipeKind.Like, 3),
        new(long.MaxValue, long.MaxValue - 1, SwipeKind.Superlike, 1_784_116_800_123),
        new(0x0102030405060708, 0x1112131415161718, SwipeKind.Dislike, 0),
        new(1, 2, SwipeKind.Like, 3, SwipeChange.TakenBack),
        new(1, 2, SwipeKind.Dislike, 3, SwipeChange.Reopened),
    ];

    [Fact]
    public void What_was_packed_is_unpacked()
    {
        bool[] settled = [true, false, true, false, true];
        var (swipes, marks) = JournalRow.Unpack(JournalRow.Pack(Swipes, settled));
        Assert.Equal(Swipes, swipes);
        Assert.Equal(settled, marks);

        (swipes, marks) = JournalRow.Unpack(JournalRow.Pack(Swipes, []));
        Assert.Equal(Swipes, swipes);
        Assert.Equal([false, false, false, false, false], marks);

        (swipes, marks) = JournalRow.Unpack([]);
        Assert.Empty(swipes);
        Assert.Empty(marks);
    }

    [Fact]
    public void A_swipe_is_25_bytes_whose_places_never_change() => Assert.Equal(
        "0807060504030201" + "1817161514131211" + "7B9A0AE79F010000" + "82",
        Convert.ToHexString(JournalRow.Pack([new(0x0102030405060708, 0x1112131415161718, SwipeKind.Superlike, 0x19FE70A9A7B)], [true])));

    [Fact]
    public void A_row_that_was_cut_short_or_lengthened_is_refused()
    {
        var row = JournalRow.Pack(Swipes, []);
        for (var length = 0; length <= row.Length; length++)
        {
            if (length % 25 == 0)
                Assert.Equal(Swipes[..(length / 25)], JournalRow.Unpack(row.AsSpan(0, length)).Swipes);
            else
                Assert.Throws<InvalidDataException>(() => JournalRow.Unpack(row.AsSpan(0, length)));
        }
        Assert.Throws<InvalidDataException>(() => JournalRow.Unpack([.. row, 0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(0x7F)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void A_kind_of_swipe_that_nobody_knows_is_refused(byte kind)
    {
        var row = JournalRow.Pack(Swipes, []);
        row[^1] = kind;
        Assert.Throws<InvalidDataException>(() => JournalRow.Unpack(row));
    }
}
