using Swiper.Core.Protocol;
using Oracle = MessagePack.MessagePackSerializer;

namespace Swiper.Core.Tests.Protocol;

/// <summary>The codec against MessagePack-CSharp, where the feed carries it.</summary>
public class MessagePackOracleTests
{
    public static readonly TheoryData<long> Integers =
        [0, 1, 127, 128, 255, 256, 65_535, 65_536, 4_294_967_295, 4_294_967_296, long.MaxValue, -1, -32, -33, -128, -129, -32_768, -32_769, int.MinValue, -2_147_483_649, long.MinValue];

    [Theory]
    [MemberData(nameof(Integers))]
    public void Integers_are_written_as_the_library_writes_them_and_read_back(long value)
    {
        var writer = new MessagePackWriter(stackalloc byte[16]);
        writer.WriteInt64(value);
        var theirs = Written(value);
        Assert.Equal(theirs, writer.Written.ToArray());

        var reader = new MessagePackReader(theirs);
        Assert.True(reader.TryReadInt64(out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Grüße, 你好 🙂")]
    [InlineData("a string that is longer than thirty-one bytes, so that its length needs a byte of its own")]
    public void Strings_are_written_as_the_library_writes_them(string value)
    {
        var writer = new MessagePackWriter(stackalloc byte[256]);
        writer.WriteString(value);
        Assert.Equal(Written(value), writer.Written.ToArray());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(-1e300)]
    public void Floats_of_the_library_are_read_and_ours_by_the_library(double value)
    {
        var reader = new MessagePackReader(Written(value));
        Assert.True(reader.TryReadDouble(out var read));
        Assert.Equal(value, read);

        var writer = new MessagePackWriter(stackalloc byte[16]);
        writer.WriteDouble(value);
        Assert.Equal(value, Oracle.Deserialize<double>(writer.Written.ToArray(), cancellationToken: TestContext.Current.CancellationToken));
    }

    private static byte[] Written<T>(T value) => Oracle.Serialize(value, cancellationToken: TestContext.Current.CancellationToken);
}
