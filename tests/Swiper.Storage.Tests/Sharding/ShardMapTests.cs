using System.Globalization;
using System.Text;
using Swiper.Storage.Sharding;

namespace Swiper.Storage.Tests.Sharding;

public class ShardMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(1024)]
    public void With_a_power_of_two_a_user_lives_in_uid_mod_shards(int shards)
    {
        var map = new ShardMap(shards);
        foreach (var uid in new[] { 0, 1, 1023, 1024, 123_456_789_012_345, long.MaxValue })
            Assert.Equal((int)(uid % shards), map.ShardOf(uid));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void With_any_other_count_the_bucket_decides(int shards)
    {
        var map = new ShardMap(shards);
        for (var uid = 0L; uid < 5000; uid++)
            Assert.Equal((int)(uid % 1024 % shards), map.ShardOf(uid));
    }

    [Fact]
    public void A_map_of_ones_own_is_followed()
    {
        var buckets = new ushort[ShardMap.Buckets];
        buckets[7] = 2;
        var map = new ShardMap(3, buckets);
        Assert.Equal(2, map.ShardOf(7 + 1024));
        Assert.Equal(0, map.ShardOf(8));
    }

    [Fact]
    public void A_map_that_names_a_shard_that_is_not_there_is_refused()
    {
        var buckets = new ushort[ShardMap.Buckets];
        buckets[1023] = 3;
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShardMap(3, buckets));
        Assert.Throws<ArgumentException>(() => new ShardMap(3, buckets.AsSpan(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShardMap(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShardMap(1025));
    }

    [Fact]
    public void The_hash_of_a_number_never_changes()
    {
        // Rows are stored by it. Computed apart from this code: FNV-1a 64, then h ^ (h >> 32).
        Assert.Equal(0xcbf29ce44fd0bfc1ul, (ulong)PhoneHash.Of(""u8));
        Assert.Equal(0xa776b99c2e79d50eul, (ulong)PhoneHash.Of("+4915112345678"u8));
        Assert.Equal(0x4b539d9c5b48eefcul, (ulong)PhoneHash.Of("+8613800138000"u8));
        Assert.Equal(0xb2befd0156d22199ul, (ulong)PhoneHash.Of("+12025550123"u8));
    }

    [Fact]
    public void A_number_has_one_shard_whether_it_comes_as_bytes_or_as_text()
    {
        var map = new ShardMap(64);
        foreach (var phone in Phones())
            Assert.Equal(map.ShardOfPhone(phone), map.ShardOfPhone(Encoding.ASCII.GetBytes(phone)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(1024)]
    public void Neighbouring_numbers_spread_over_the_shards(int shards)
    {
        var map = new ShardMap(shards);
        var counts = new double[shards];
        foreach (var phone in Phones())
            counts[map.ShardOfPhone(phone)]++;
        Assert.True(Spread.ChiSquareZ(counts) < 5, $"z = {Spread.ChiSquareZ(counts)}");
    }

    private static IEnumerable<string> Phones()
    {
        for (var i = 0; i < 50_000; i++)
            yield return "+49151" + i.ToString("D8", CultureInfo.InvariantCulture);
    }
}
