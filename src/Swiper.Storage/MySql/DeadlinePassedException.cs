namespace Swiper.Storage.MySql;

/// <summary>
/// An operation exceeded its deadline although the server kept answering: it had too much to do, and does not count as unreachable.
/// </summary>
internal sealed class DeadlinePassedException() : Exception("The deadline has passed.");
