namespace Swiper.Core.Diagnostics;

/// <summary>What the server reports about itself in `hello`.</summary>
/// <param name="Server">Name and version.</param>
/// <param name="NodeNow">Tells <see cref="Node"/>.</param>
/// <param name="MaxFrame">The largest frame it takes, in bytes.</param>
/// <param name="MaxInFlight">Requests of one connection that it works on at once.</param>
public sealed record ServerIdentity(string Server, Func<int> NodeNow, int MaxFrame, int MaxInFlight)
{
    /// <summary>The version of the wire contract; it grows only when an old client could misunderstand a new server.</summary>
    public const int Protocol = 1;

    /// <summary>
    /// The number that its uids carry, unique among the hosts of a cluster; a host may be given another one while it runs.
    /// </summary>
    public int Node => NodeNow();
}
