using System.Text.Json;
using System.Text.Json.Serialization;

namespace Swiper.Tools.Top;

/// <summary>All hosts at about the same moment.</summary>
/// <param name="Time">When all had answered, or no longer could.</param>
/// <param name="Hosts">In the order in which they were named.</param>
/// <param name="Total">Those that answered, added up.</param>
internal sealed record Round(DateTimeOffset Time, IReadOnlyList<HostReading> Hosts, Reading Total)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [JsonIgnore]
    public int HostsUp => Hosts.Count(host => host.Up);

    /// <summary>Asks all hosts at once; those that take too long are away.</summary>
    public static async Task<Round> AskAsync(IReadOnlyList<HostFeed> feeds, CancellationToken cancellation)
    {
        var states = await Task.WhenAll(feeds.Select(feed => feed.ScrapeAsync(cancellation)));
        return new Round(
            DateTimeOffset.UtcNow,
            [
                .. states.Select(state => new HostReading(
                    state.Host, state.Interval is not null, state.Error,
                    state.Interval is null ? null : Reading.Of(new Metrics(state.Interval)))),
            ],
            Reading.Of(new Metrics([.. states.Select(state => state.Interval).OfType<Interval>()])));
    }

    /// <summary>In one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>A host as it was named: either what it tells, or why it is away.</summary>
internal sealed record HostReading(string Host, bool Up, string? Error, Reading? Reading);
