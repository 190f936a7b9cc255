using Swiper.Compare.Rows;

namespace Swiper.Compare.Peers;

/// <summary>
/// A server of another technology that does three of Swiper's jobs, in memory only, and the load that its technology is used with.
/// </summary>
internal interface IJobServer : IDisposable
{
    /// <summary>32 bytes, given back.</summary>
    Reading Echo(int inFlight, Pace pace);

    /// <summary>The first 50 of a board of 20,000, with names.</summary>
    Reading Top50(Pace pace);

    /// <summary>Swipes that were never made before.</summary>
    Reading Swipes(Pace pace);
}
