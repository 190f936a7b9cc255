using Swiper.Core.Protocol;

namespace Swiper.Core.Tests.Protocol;

/// <summary>What hostile bytes may not cost.</summary>
public sealed class MessagePackLimitTests
{
    private const byte ArrayOfOne = 0x91;
    private const byte MapOfOne = 0x81;
    private const byte Zero = 0x00;

    [Fact]
    public void A_value_within_32_arrays_is_passed_and_one_within_33_is_not()
    {
        Assert.True(new MessagePackReader(Nested(ArrayOfOne, 32)).TrySkip());
        Refuses(Nested(ArrayOfOne, 33));
    }

    [Fact]
    public void Maps_count_as_depth_as_well()
    {
        byte[] Maps(int depth) => [.. Enumerable.Repeat(new[] { MapOfOne, Zero }, depth).SelectMany(pair => pair), Zero];
        Assert.True(new MessagePackReader(Maps(32)).TrySkip());
        Refuses(Maps(33));
    }

    [Fact]
    public void Many_deep_values_side_by_side_are_passed()
    {
        byte[] bytes = [0xdc, 0x03, 0xe8, .. Enumerable.Repeat(Nested(ArrayOfOne, 31), 1000).SelectMany(value => value)];
        var reader = new MessagePackReader(bytes);
        Assert.True(reader.TrySkip());
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void A_frame_of_nothing_but_nesting_is_refused_at_once_and_on_a_small_stack()
    {
        var frame = Enumerable.Repeat(ArrayOfOne, 64 * 1024).ToArray();
        var refused = 0;
        // Recursion over 65,536 levels would not fit into this stack.
        var thread = new Thread(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (!new MessagePackReader(frame).TrySkip() && !Envelope.TryReadRequest(frame, out _, out _, out _))
                    refused++;
            }
        }, maxStackSize: 128 * 1024)
        { IsBackground = true };
        thread.Start();

        // Whatever looks at the rest of the frame at each level takes many minutes.
        Assert.True(thread.Join(Patience.Limit), "1000 refusals have not come to their end");
        Assert.Equal(1000, refused);
    }

    [Theory]
    [InlineData("91")]
    [InlineData("92-00")]
    [InlineData("dc-00-01")]
    [InlineData("dc-00-03-00-00")]
    [InlineData("dd-00-00-00-02-00")]
    [InlineData("dd-ff-ff-ff-ff-00")]
    [InlineData("dd-80-00-00-00-00")]
    public void An_array_of_more_elements_than_bytes_left_is_refused(string hex)
    {
        var reader = new MessagePackReader(MessagePackVector.Hex(hex));
        Assert.False(reader.TryReadArrayHeader(out var count));
        Assert.Equal((0, 0), (count, reader.Consumed));
        Refuses(MessagePackVector.Hex(hex));
    }

    [Theory]
    [InlineData("81-00")]
    [InlineData("de-00-02-00-00-00")]
    [InlineData("df-00-00-00-01-00")]
    [InlineData("df-ff-ff-ff-ff-00-00")]
    [InlineData("df-80-00-00-01-00-00")]
    [InlineData("df-7f-ff-ff-ff-00-00")]
    public void A_map_of_more_pairs_than_bytes_left_is_refused(string hex)
    {
        var reader = new MessagePackReader(MessagePackVector.Hex(hex));
        Assert.False(reader.TryReadMapHeader(out var count));
        Assert.Equal((0, 0), (count, reader.Consumed));
        Refuses(MessagePackVector.Hex(hex));
    }

    [Theory]
    [InlineData("db-ff-ff-ff-ff-00")]
    [InlineData("db-7f-ff-ff-ff-00")]
    [InlineData("c6-ff-ff-ff-fb-00")]
    [InlineData("c9-ff-ff-ff-ff-00-00")]
    [InlineData("c9-7f-ff-ff-ff-00-00")]
    [InlineData("d9-ff-00")]
    [InlineData("d8-00-00")]
    public void A_length_of_more_than_is_left_is_refused(string hex) => Refuses(MessagePackVector.Hex(hex));

    private static byte[] Nested(byte container, int depth) => [.. Enumerable.Repeat(container, depth), Zero];

    private static void Refuses(byte[] bytes)
    {
        var reader = new MessagePackReader(bytes);
        Assert.False(reader.TrySkip());
        Assert.Equal(0, reader.Consumed);
    }
}
