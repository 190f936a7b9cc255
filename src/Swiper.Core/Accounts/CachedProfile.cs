using Swiper.Core.Protocol;

namespace Swiper.Core.Accounts;

/// <summary>A profile with its own view encoded once, so that reading it again costs one copy.</summary>
public sealed class CachedProfile(Profile profile)
{
    private byte[]? _ownView;

    public Profile Profile { get; } = profile;

    /// <summary>The data of the `profile` reply to the user: an array with one map.</summary>
    internal byte[] OwnView => _ownView ??= PayloadBytes.Of(new ProfileReply(ProfileView.OfOneself(Profile)));
}
