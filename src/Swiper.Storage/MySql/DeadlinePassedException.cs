namespace Swiper.Storage.MySql;

/// <summary>
/// What was to be done took longer than it may. The server answered all the while, so this says nothing against it: it had too much to
/// do at once.
/// </summary>
internal sealed class DeadlinePassedException() : Exception("The deadline has passed.");
