using Swiper.Compare.Rows;

namespace Swiper.Compare.Peers;

/// <summary>
/// A server of another technology that does three of Swiper's jobs in memory, with the load suited to that technology.
/// </summary>
internal interface IJobServer : IDisposable
{
    /// <summary>Echoes of 32 bytes.</summary>
    Reading Echo(int inFlight, Pace pace);

    /// <summary>The first 50 of a board of 20,000, with names.</summary>
    Reading Top50(Pace pace);

    /// <summary>Swipes of new pairs.</summary>
    Reading Swipes(Pace pace);
}
