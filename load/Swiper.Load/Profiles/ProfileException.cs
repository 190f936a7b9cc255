namespace Swiper.Load.Profiles;

/// <summary>A profile can't be used; the message is one line for people, with file and field.</summary>
public sealed class ProfileException(string message) : Exception(message);
