namespace Swiper.Compare.Peers;

/// <summary>This machine can't run a rival. Its rows are left out, which is not a failure.</summary>
internal sealed class PeerMissingException(string message) : Exception(message);
