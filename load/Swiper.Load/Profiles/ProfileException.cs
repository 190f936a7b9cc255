namespace Swiper.Load.Profiles;

/// <summary>A profile is invalid; the message is one line that names file and field.</summary>
public sealed class ProfileException(string message) : Exception(message);
