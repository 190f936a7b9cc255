namespace Swiper.Compare.Peers;

/// <summary>A rival that this machine can't run. Its rows are left out, which is not a failure.</summary>
internal sealed class PeerMissingException(string message) : Exception(message);
