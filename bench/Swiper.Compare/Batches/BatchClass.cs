using System.Globalization;

namespace Swiper.Compare.Batches;

/// <summary>Batches of one lane with at least <paramref name="Size"/> and less than twice as many operations.</summary>
internal readonly record struct BatchClass(string Lane, long Size)
{
    /// <param name="tags">lane=shard 0,size=64</param>
    public static BatchClass Parse(string tags)
    {
        var values = tags.Split(',').Select(tag => tag.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new BatchClass(values["lane"], long.Parse(values["size"], CultureInfo.InvariantCulture));
    }
}
