using Swiper.Core.Dispatch;

namespace Swiper.Host.Options;

/// <summary>
/// How many requests of each class of cost a user may make in a minute, of which all may come at once. Beyond, the reply is 1005 with the
/// time after which there is room again. People do not notice them; floods and those who read everybody's profile do.
/// </summary>
public sealed record QuotaOptions
{
    /// <summary>Profiles, friends, boards: an app reads a few when it starts, and one for each person looked at.</summary>
    public int ReadsPerMinute { get; init; } = 1_200;

    /// <summary>Changes of a profile, blocks, rewinds.</summary>
    public int WritesPerMinute { get; init; } = 300;

    /// <summary>The quickest thumbs make three in a second.</summary>
    public int SwipesPerMinute { get; init; } = 600;

    /// <summary>Decks: one for 30 swipes.</summary>
    public int SearchesPerMinute { get; init; } = 120;

    /// <summary>As many users' quotas are those of an address: mobile carriers put many phones behind one.</summary>
    public int UsersPerAddress { get; init; } = 200;

    internal QuotaLimits ToLimits() => new(ReadsPerMinute, WritesPerMinute, SwipesPerMinute, SearchesPerMinute, UsersPerAddress);

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, number) in new[] { (nameof(ReadsPerMinute), ReadsPerMinute), (nameof(WritesPerMinute), WritesPerMinute),
            (nameof(SwipesPerMinute), SwipesPerMinute), (nameof(SearchesPerMinute), SearchesPerMinute),
            (nameof(UsersPerAddress), UsersPerAddress) })
        {
            if (number < 1)
                yield return $"Quotas:{name}: {number} is below 1";
        }
    }
}
