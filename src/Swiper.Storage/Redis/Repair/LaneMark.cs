using System.Globalization;
using StackExchange.Redis;

namespace Swiper.Storage.Redis.Repair;

/// <summary>The last batch of a lane in a snapshot of the truth, or applied to a group.</summary>
/// <param name="Node">The node that owns or owned the lane.</param>
/// <param name="Shard">The shard it commits to.</param>
/// <param name="Batch">The batch's id.</param>
internal readonly record struct LaneMark(int Node, int Shard, long Batch)
{
    /// <summary>The field in the group's hash.</summary>
    public string Lane => string.Create(CultureInfo.InvariantCulture, $"{Node}:{Shard}");

    /// <summary>The batch as scripts compare it: nineteen digits.</summary>
    public string BatchText => Batch.ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>Parses alternating fields and values.</summary>
    public static LaneMark[] ReadAll(ReadOnlySpan<RedisValue> pairs)
    {
        var marks = new LaneMark[pairs.Length / 2];
        for (var index = 0; index < marks.Length; index++)
        {
            var lane = ((string?)pairs[index * 2])!.Split(':');
            marks[index] = new LaneMark(
                int.Parse(lane[0], CultureInfo.InvariantCulture), int.Parse(lane[1], CultureInfo.InvariantCulture),
                long.Parse(((string?)pairs[index * 2 + 1])!, CultureInfo.InvariantCulture));
        }

        return marks;
    }
}
